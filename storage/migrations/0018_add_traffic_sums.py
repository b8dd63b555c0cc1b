from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0017_add_hours_at_the_wheel')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DirtyTrafficDayRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('vehicle_id', fields.IntField()),
                ('day', fields.IntField()),
            ],
            options={'table': 'dirty_traffic_days', 'app': 'trambox', 'unique_together': (('vehicle_id', 'day'),), 'pk_attr': 'id', 'table_description': "A vehicle's day whose violations must be counted (again): written with them, taken away with the counts."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TrafficDayRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('way_m', fields.FloatField(default=0.0, db_default=0.0)),
                ('moving_s', fields.IntField(default=0, db_default=0)),
                ('messages', fields.IntField(default=0, db_default=0)),
                ('under_5', fields.IntField(default=0, db_default=0)),
                ('over_5', fields.IntField(default=0, db_default=0)),
                ('over_10', fields.IntField(default=0, db_default=0)),
                ('over_20', fields.IntField(default=0, db_default=0)),
                ('over_35', fields.IntField(default=0, db_default=0)),
                ('over_m', fields.FloatField(default=0.0, db_default=0.0)),
                ('over_s', fields.IntField(default=0, db_default=0)),
                ('worst_kmh', fields.FloatField(default=0.0, db_default=0.0)),
                ('continuous', fields.IntField(default=0, db_default=0)),
                ('daily', fields.IntField(default=0, db_default=0)),
                ('weekly', fields.IntField(default=0, db_default=0)),
                ('silences', fields.IntField(default=0, db_default=0)),
                ('silent_s', fields.IntField(default=0, db_default=0)),
                ('rare', fields.IntField(default=0, db_default=0)),
                ('lacking', fields.IntField(default=0, db_default=0)),
                ('disorder', fields.IntField(default=0, db_default=0)),
            ],
            options={'table': 'traffic_days', 'app': 'trambox', 'pk_attr': 'id', 'table_description': "One vehicle's local day (UTC+7). `id` is `vehicle_id * 65536 + day`, days since 1970, so a period is one range."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='VehicleOwnerRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('vehicle_id', fields.IntField(db_index=True)),
                ('from_day', fields.IntField()),
                ('to_day', fields.IntField()),
                ('company', fields.CharField(db_index=True, max_length=200)),
                ('department', fields.CharField(db_index=True, max_length=200)),
                ('terminal', fields.CharField(max_length=200)),
                ('provider', fields.CharField(max_length=64)),
                ('business', fields.CharField(max_length=64)),
                ('registered', fields.BooleanField()),
            ],
            options={'table': 'vehicle_owners', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'Whose vehicle it was on the days from `from_day` to `to_day`, both inclusive, days since 1970 (UTC+7).'},
            bases=['Model'],
        ),
        ops.DeleteModel(name='VehicleDayRow'),
    ]
