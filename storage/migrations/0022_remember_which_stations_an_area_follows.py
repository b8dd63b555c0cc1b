from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0021_add_traffic_months')]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='AreaRow',
            options={'table': 'areas', 'app': 'trambox', 'pk_attr': 'id', 'table_description': "Stations that a disaster may strike together; `followed` are those that its disasters' hours are made by."},
        ),
        ops.AddField(
            model_name='AreaRow',
            name='followed',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
