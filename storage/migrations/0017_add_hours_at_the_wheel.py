from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

ONE_ROW_EACH = (
    "DELETE FROM violations WHERE id NOT IN (SELECT MIN(id) FROM violations GROUP BY vehicle_id, kind, start_s, driver)"
)
"""A violation told twice, by a restart between it and its mark, becomes one."""


class Migration(migrations.Migration):
    dependencies = [('trambox', '0016_add_zones')]

    initial = False

    operations = [
        ops.CreateModel(
            name='StretchRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('vehicle_id', fields.IntField()),
                ('driver', fields.CharField(max_length=32)),
                ('start_s', fields.BigIntField()),
                ('end_s', fields.BigIntField()),
            ],
            options={'table': 'stretches', 'app': 'trambox', 'unique_together': (('vehicle_id', 'start_s'),), 'indexes': [Index(fields=['driver', 'start_s'])], 'pk_attr': 'id', 'table_description': 'One driver at the wheel of one vehicle, pauses too short for a stop included. `id` is new whenever it grows.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='VehicleDayRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('vehicle_id', fields.IntField()),
                ('day_s', fields.BigIntField()),
                ('travelled_m', fields.FloatField()),
                ('moving_s', fields.IntField()),
                ('messages', fields.IntField()),
            ],
            options={'table': 'vehicle_days', 'app': 'trambox', 'unique_together': (('vehicle_id', 'day_s'),), 'indexes': [Index(fields=['day_s'])], 'pk_attr': 'id', 'table_description': 'What a vehicle did on a day in Vietnam that is over (TT 09/2015/TT-BGTVT Điều 7).'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ViolationRow',
            name='driver',
            field=fields.CharField(default='', db_default='', max_length=32),
        ),
        ops.AddIndex(
            model_name='ViolationRow',
            index=Index(fields=['driver', 'start_s']),
        ),
        ops.RunSQL(ONE_ROW_EACH),
        ops.AddConstraint(
            model_name='ViolationRow',
            constraint=UniqueConstraint(fields=('vehicle_id', 'kind', 'start_s', 'driver'), name=None),
        ),
    ]
