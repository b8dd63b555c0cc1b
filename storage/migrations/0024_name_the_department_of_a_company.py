from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

NAME_THE_ONLY_ONE = (
    "UPDATE users SET scope_department = ("
    "SELECT MIN(department) FROM vehicles WHERE company = users.scope_name GROUP BY company "
    "HAVING COUNT(DISTINCT department) = 1) WHERE scope_kind = 'company'"
)
"""Where several departments have a company of that name, somebody must say which: it stays null."""


class Migration(migrations.Migration):
    dependencies = [('trambox', '0023_index_days_with_faults')]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='UserRow',
            options={'table': 'users', 'app': 'trambox', 'pk_attr': 'id', 'table_description': "A person at the console; `scope_department` is a company's, null where nobody said it (`storage/scopes.py`)."},
        ),
        ops.AddField(
            model_name='UserRow',
            name='scope_department',
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.RunSQL(NAME_THE_ONLY_ONE),
    ]
