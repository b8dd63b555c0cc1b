from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0011_add_notices')]

    initial = False

    operations = [
        ops.AddField(
            model_name='DestinationRow',
            name='codes',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='DestinationRow',
            name='decimals',
            field=fields.IntField(default=4, db_default=4),
        ),
        ops.AddField(
            model_name='DestinationRow',
            name='file_name',
            field=fields.CharField(default='{code}_{stamp}.txt', db_default='{code}_{stamp}.txt', max_length=120),
        ),
        ops.AddField(
            model_name='DestinationRow',
            name='media',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='DestinationRow',
            name='parameters',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='DestinationRow',
            name='suspect',
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AddField(
            model_name='DestinationRow',
            name='symbols',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='OutFileRow',
            name='reason',
            field=fields.CharField(default='', db_default='', max_length=120),
        ),
    ]
