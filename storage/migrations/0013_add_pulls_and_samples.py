from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('trambox', '0012_choose_what_destinations_get')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PullRow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=64)),
                ('url', fields.CharField(max_length=400)),
                ('stations', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('pattern', fields.CharField(default='*', max_length=128)),
                ('every_s', fields.IntField(default=300)),
                ('look_back_days', fields.IntField(default=2)),
                ('settle_s', fields.IntField(default=10)),
                ('enabled', fields.BooleanField(default=True)),
            ],
            options={'table': 'pulls', 'app': 'trambox', 'pk_attr': 'id', 'table_description': "A logger's server that is visited. `url` may hold {yyyy} {MM} {dd}, of as many days as `look_back_days` says."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PulledRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('pull', fields.CharField(max_length=64)),
                ('path', fields.CharField(max_length=500)),
                ('size', fields.BigIntField()),
                ('modified_s', fields.BigIntField()),
                ('file_id', fields.BigIntField()),
                ('at_ms', fields.BigIntField()),
            ],
            options={'table': 'pulled', 'app': 'trambox', 'unique_together': (('pull', 'path'),), 'pk_attr': 'id', 'table_description': 'A file that was fetched, as it stood at the peer. Written in the transaction that keeps the file.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SampleRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('asked_by', fields.CharField(max_length=64)),
                ('asked_ms', fields.BigIntField()),
                ('reason', fields.CharField(max_length=300)),
                ('bottle', fields.CharField(default='', max_length=32)),
                ('channel', fields.CharField(max_length=8)),
                ('token', fields.CharField(db_index=True, max_length=48)),
                ('state', fields.CharField(max_length=12)),
                ('attempts', fields.IntField(default=0)),
                ('sent_ms', fields.BigIntField(null=True)),
                ('due_ms', fields.BigIntField()),
                ('answered_ms', fields.BigIntField(null=True)),
                ('answer', fields.CharField(default='', max_length=300)),
                ('last_error', fields.CharField(default='', max_length=300)),
            ],
            options={'table': 'samples', 'app': 'trambox', 'indexes': [Index(fields=['station_id', 'id']), Index(fields=['state', 'id'])], 'pk_attr': 'id', 'table_description': "A sample that was asked of a station's sampler, and what became of it."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='StationRow',
            name='sampler',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
