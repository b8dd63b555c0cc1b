from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0002_keep_refused_units')]

    initial = False

    operations = [
        ops.AddField(
            model_name='ReadingRow',
            name='outer_flags',
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='ReadingRow',
            name='params_id',
            field=fields.IntField(default=0, db_default=0),
        ),
    ]
