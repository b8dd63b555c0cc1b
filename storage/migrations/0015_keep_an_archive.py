from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0014_registry_and_scopes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ArchivePartRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('day_s', fields.BigIntField()),
                ('after_id', fields.BigIntField()),
                ('last_id', fields.BigIntField()),
                ('rows', fields.BigIntField()),
                ('size', fields.BigIntField()),
                ('sha256', fields.CharField(max_length=64)),
                ('newest_ms', fields.BigIntField()),
                ('forwarded', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('made_ms', fields.BigIntField()),
                ('expired_ms', fields.BigIntField(null=True)),
            ],
            options={'table': 'archive_parts', 'app': 'trambox', 'pk_attr': 'id', 'table_description': "A Parquet file of waypoints. All of one UTC day of observation, from the journal's rows (after_id, last_id]."},
            bases=['Model'],
        ),
    ]
