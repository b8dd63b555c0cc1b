from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('trambox', '0019_add_imports')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='ExceedanceRow',
            index=Index(fields=['station_id', 'averaging', 'end_s']),
        ),
    ]
