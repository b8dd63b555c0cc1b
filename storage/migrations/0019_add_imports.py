from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0018_add_traffic_sums')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ImportRow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('at_ms', fields.BigIntField()),
                ('who', fields.CharField(max_length=64)),
                ('file', fields.CharField(max_length=255)),
                ('what', fields.CharField(max_length=300)),
                ('told', fields.BooleanField(default=False)),
            ],
            options={'table': 'imports', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'One import that was taken in. `told` says whether the audit log has it, which only the server writes.'},
            bases=['Model'],
        ),
    ]
