from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0015_keep_an_archive')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ZoneRow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=96)),
                ('title', fields.CharField(default='', max_length=200)),
                ('limit_kmh', fields.FloatField()),
                ('class_limits_kmh', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('priority', fields.IntField(default=0)),
                ('width_m', fields.FloatField(default=0.0)),
                ('direction', fields.CharField(default='both', max_length=12)),
                ('tolerance_deg', fields.FloatField(default=45.0)),
                ('from_s', fields.BigIntField(default=0)),
                ('to_s', fields.BigIntField(null=True)),
                ('hours', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('geometry', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'zones', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'A road or an area with its limit, `direction` is both, forward, backward, or degrees.'},
            bases=['Model'],
        ),
    ]
