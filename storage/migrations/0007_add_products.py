from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0006_add_threshold_versions')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AqiRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('period', fields.CharField(max_length=16)),
                ('end_s', fields.BigIntField()),
                ('version', fields.IntField()),
                ('aqi', fields.IntField(null=True)),
                ('main', fields.CharField(null=True, max_length=8)),
                ('sub', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('nowcast', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('mode', fields.CharField(max_length=12)),
                ('made_ms', fields.BigIntField()),
                ('reason', fields.CharField(default='', max_length=64)),
            ],
            options={'table': 'aqi', 'app': 'trambox', 'unique_together': (('station_id', 'period', 'end_s', 'version'),), 'pk_attr': 'id', 'table_description': "The air quality index of a station's hour or day (`1h`, `day`), `aqi` is null without particles."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DirtyDayRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('period', fields.CharField(max_length=16)),
                ('end_s', fields.BigIntField()),
            ],
            options={'table': 'dirty_days', 'app': 'trambox', 'unique_together': (('station_id', 'period', 'end_s'),), 'pk_attr': 'id', 'table_description': 'A day whose products must be made (again) once it is over, written with its hours and taken away when made.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LongerProductRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('period', fields.CharField(max_length=16)),
                ('parameter', fields.CharField(max_length=48)),
                ('end_s', fields.BigIntField()),
                ('version', fields.IntField()),
                ('value', fields.FloatField(null=True)),
                ('unit', fields.CharField(max_length=24)),
                ('flag', fields.SmallIntField()),
                ('count', fields.IntField()),
                ('expected', fields.IntField()),
                ('made_ms', fields.BigIntField()),
                ('reason', fields.CharField(default='', max_length=64)),
                ('kind', fields.CharField(max_length=8)),
                ('wind_kind', fields.CharField(default='', max_length=12)),
            ],
            options={'table': 'longer_products', 'app': 'trambox', 'unique_together': (('station_id', 'period', 'end_s', 'parameter', 'version'),), 'pk_attr': 'id', 'table_description': 'The product of one parameter over a longer period ending at `end_s` (`Period`), made from hourly ones.'},
            bases=['Model'],
        ),
        ops.AlterModelOptions(
            name='HourlyRow',
            options={'table': 'hourly', 'app': 'trambox', 'unique_together': (('station_id', 'hour_s', 'parameter', 'version'),), 'pk_attr': 'id', 'table_description': 'The product of one parameter over the hour ending at `hour_s`, a later version replaces an earlier one in use.'},
        ),
        ops.AddField(
            model_name='HourlyRow',
            name='kind',
            field=fields.CharField(default='mean', db_default='mean', max_length=8),
        ),
        ops.AddField(
            model_name='HourlyRow',
            name='parts',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='HourlyRow',
            name='wind_kind',
            field=fields.CharField(default='', db_default='', max_length=12),
        ),
        ops.AddField(
            model_name='ParameterRow',
            name='product',
            field=fields.CharField(default='', db_default='', max_length=8),
        ),
        ops.AddField(
            model_name='ParameterRow',
            name='speed',
            field=fields.CharField(default='', db_default='', max_length=48),
        ),
        ops.AddField(
            model_name='StationRow',
            name='products',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
