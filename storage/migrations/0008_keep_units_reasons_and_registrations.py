from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('trambox', '0007_add_products')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RegistrationRow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('file_id', fields.BigIntField(unique=True)),
                ('code', fields.CharField(max_length=96)),
                ('account', fields.CharField(max_length=64)),
                ('received_ms', fields.BigIntField()),
                ('work', fields.CharField(default='', max_length=24)),
                ('province', fields.CharField(default='', max_length=8)),
                ('content', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.CharField(default='pending', max_length=12)),
                ('decided_by', fields.CharField(default='', max_length=64)),
                ('decided_ms', fields.BigIntField(null=True)),
                ('note', fields.CharField(default='', max_length=300)),
            ],
            options={'table': 'registrations', 'app': 'trambox', 'indexes': [Index(fields=['state', 'received_ms'])], 'pk_attr': 'id', 'table_description': 'One registration file of a work (DK_ of TT 13/2023), `content` is as written, `state` what became of it.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ReadingRow',
            name='raw_unit',
            field=fields.CharField(default='', db_default='', max_length=24),
        ),
        ops.AddField(
            model_name='ReadingRow',
            name='reasons',
            field=fields.IntField(default=0, db_default=0),
        ),
    ]
