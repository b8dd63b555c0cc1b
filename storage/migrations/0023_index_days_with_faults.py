from tortoise import migrations
from tortoise.migrations import operations as ops
from storage.partial_index import PartialIndex

class Migration(migrations.Migration):
    dependencies = [('trambox', '0022_remember_which_stations_an_area_follows')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='TrafficDayRow',
            index=PartialIndex(fields=['id', 'rare', 'silences', 'lacking', 'disorder', 'silent_s'], where='rare + silences + lacking + disorder > 0'),
        ),
    ]
