from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('trambox', '0009_keep_verdicts_packed')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ExceedanceRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('parameter', fields.CharField(max_length=48)),
                ('averaging', fields.CharField(max_length=8)),
                ('start_s', fields.BigIntField()),
                ('last_s', fields.BigIntField()),
                ('end_s', fields.BigIntField(null=True)),
                ('level', fields.CharField(max_length=24)),
                ('state', fields.CharField(max_length=24)),
                ('worst', fields.FloatField()),
                ('worst_s', fields.BigIntField()),
                ('high', fields.FloatField(null=True)),
                ('low', fields.FloatField(null=True)),
                ('unit', fields.CharField(max_length=24)),
                ('count', fields.IntField()),
                ('noticed_ms', fields.BigIntField()),
                ('updated_ms', fields.BigIntField()),
            ],
            options={'table': 'exceedances', 'app': 'trambox', 'unique_together': (('station_id', 'averaging', 'start_s', 'parameter'),), 'indexes': [Index(fields=['state', 'id'])], 'pk_attr': 'id', 'table_description': 'A run of values beyond a limit or near it, `end_s` null while it goes on. Remade from the values, never by hand.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ExceedanceWorkRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('averaging', fields.CharField(max_length=8)),
                ('end_s', fields.BigIntField()),
            ],
            options={'table': 'exceedance_work', 'app': 'trambox', 'unique_together': (('station_id', 'averaging', 'end_s'),), 'pk_attr': 'id', 'table_description': 'A stretch ending at `end_s` whose exceedances must be looked for, written with the values.'},
            bases=['Model'],
        ),
    ]
