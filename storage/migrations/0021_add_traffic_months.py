from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0020_find_exceedances_by_their_end')]

    initial = False

    operations = [
        ops.CreateModel(
            name='TrafficMonthRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('way_m', fields.FloatField()),
                ('moving_s', fields.IntField()),
                ('messages', fields.IntField()),
                ('under_5', fields.IntField()),
                ('over_5', fields.IntField()),
                ('over_10', fields.IntField()),
                ('over_20', fields.IntField()),
                ('over_35', fields.IntField()),
                ('over_m', fields.FloatField()),
                ('over_s', fields.IntField()),
                ('worst_kmh', fields.FloatField()),
                ('continuous', fields.IntField()),
                ('daily', fields.IntField()),
                ('weekly', fields.IntField()),
                ('silences', fields.IntField()),
                ('silent_s', fields.IntField()),
                ('rare', fields.IntField()),
                ('lacking', fields.IntField()),
                ('disorder', fields.IntField()),
                ('active_days', fields.IntField()),
                ('driving_days', fields.IntField()),
            ],
            options={'table': 'traffic_months', 'app': 'trambox', 'pk_attr': 'id', 'table_description': "One vehicle's month, the sum of its days. `id` is `vehicle_id * 65536 + month`, months since 1970."},
            bases=['Model'],
        ),
    ]
