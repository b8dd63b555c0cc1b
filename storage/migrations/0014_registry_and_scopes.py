from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0013_add_pulls_and_samples')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CompanyWordRow',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=240)),
                ('company', fields.CharField(db_index=True, max_length=200)),
                ('provider', fields.CharField(max_length=64)),
                ('name', fields.CharField(max_length=200)),
                ('address', fields.CharField(max_length=300)),
                ('tel', fields.CharField(max_length=64)),
                ('received_ms', fields.BigIntField()),
                ('aside_id', fields.BigIntField()),
            ],
            options={'table': 'company_words', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'What one provider said last of a company (RegCompany). `id` is `provider_id:COMPANY`.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DriverWordRow',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=96)),
                ('licence', fields.CharField(db_index=True, max_length=64)),
                ('provider', fields.CharField(max_length=64)),
                ('name', fields.CharField(max_length=200)),
                ('issued_s', fields.BigIntField()),
                ('expires_s', fields.BigIntField()),
                ('place', fields.CharField(max_length=200)),
                ('licence_class', fields.CharField(max_length=64)),
                ('received_ms', fields.BigIntField()),
                ('aside_id', fields.BigIntField()),
            ],
            options={'table': 'driver_words', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'What one provider said last of a driver (RegDriver). `id` is `provider_id:LICENCE`, cleaned.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ProviderDayRow',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=96)),
                ('provider_id', fields.IntField(db_index=True)),
                ('day_s', fields.BigIntField()),
                ('kind', fields.CharField(max_length=48)),
                ('count', fields.BigIntField()),
                ('last_ms', fields.BigIntField()),
                ('example_plate', fields.CharField(max_length=64)),
                ('example', fields.CharField(max_length=200)),
                ('example_ms', fields.BigIntField()),
            ],
            options={'table': 'provider_days', 'app': 'trambox', 'pk_attr': 'id', 'table_description': "How often one thing happened in a provider's day of receipt (UTC+7). `id` is `provider_id:day_s:kind`."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='VehicleWordRow',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=96)),
                ('plate', fields.CharField(db_index=True, max_length=24)),
                ('provider', fields.CharField(max_length=64)),
                ('spelling', fields.CharField(max_length=64)),
                ('business', fields.CharField(max_length=64)),
                ('driver', fields.CharField(max_length=64)),
                ('company', fields.CharField(max_length=200)),
                ('device_model', fields.CharField(max_length=64)),
                ('device', fields.CharField(max_length=64)),
                ('sim', fields.CharField(max_length=64)),
                ('vin', fields.CharField(max_length=64)),
                ('said_s', fields.BigIntField()),
                ('received_ms', fields.BigIntField()),
                ('aside_id', fields.BigIntField()),
            ],
            options={'table': 'vehicle_words', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'What one provider said last of a vehicle (RegVehicle). `id` is `provider_id:PLATE`.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='UserRow',
            name='scope_kind',
            field=fields.CharField(default='', db_default='', max_length=16),
        ),
        ops.AddField(
            model_name='UserRow',
            name='scope_name',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='VehicleRow',
            name='device',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='VehicleRow',
            name='sim',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='VehicleRow',
            name='terminal',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='VehicleRow',
            name='vin',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
    ]
