from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('trambox', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RefusedUnitRow',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ('reason', fields.CharField(max_length=300)),
                ('content', fields.BinaryField()),
            ],
            options={'table': 'refused_units', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'What the store would not take for good (a bug), kept whole: `content` is a Python literal.'},
            bases=['Model'],
        ),
    ]
