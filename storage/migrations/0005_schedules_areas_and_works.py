from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('trambox', '0004_add_manual_review')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AreaRow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=96)),
                ('title', fields.CharField(default='', max_length=200)),
                ('stations', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'areas', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'Stations that a disaster may strike together.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DisasterRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('area', fields.CharField(max_length=96)),
                ('from_s', fields.BigIntField()),
                ('to_s', fields.BigIntField(null=True)),
                ('cadence_s', fields.IntField()),
                ('reason', fields.CharField(default='', max_length=200)),
                ('begun_by', fields.CharField(default='', max_length=64)),
                ('ended_by', fields.CharField(default='', max_length=64)),
            ],
            options={'table': 'disasters', 'app': 'trambox', 'indexes': [Index(fields=['area', 'from_s'])], 'pk_attr': 'id', 'table_description': 'Increased frequency of an area in [from_s, to_s), `to_s` is null while nobody has said when it ends.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='StationDayRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('day_s', fields.BigIntField()),
                ('received', fields.IntField()),
                ('late', fields.IntField()),
                ('backfilled', fields.IntField()),
                ('failed', fields.IntField()),
            ],
            options={'table': 'station_days', 'app': 'trambox', 'unique_together': (('station_id', 'day_s'),), 'pk_attr': 'id', 'table_description': "Running counts of a station's values by the day that they stand for."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WorkRow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=96)),
                ('title', fields.CharField(default='', max_length=200)),
                ('rules', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'works', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'A work whose stations must agree with each other, `rules` are tables of the inventory.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='StationRow',
            name='elevation_m',
            field=fields.FloatField(null=True),
        ),
        ops.AddField(
            model_name='StationRow',
            name='schedule',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
    ]
