from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index


TESTS = ("syntax", "order", "completeness", "range", "detection_limit", "consistency", "step", "spike", "flat_line", "gap")
NIBBLES = " + ".join(
    f"coalesce(CAST(tests ->> '{test}' AS BIGINT), 0) * {16**at}" for at, test in enumerate(TESTS)
)
ARRIVALS = f"CASE CAST(tests ->> 'order' AS BIGINT) WHEN 3 THEN 4 WHEN 4 THEN 5 ELSE 1 END * {1 << 56}"
"""What the order test had said tells what a record was; of a conflict the first one cannot be told any more."""
PACK = f"UPDATE readings SET verdict = {NIBBLES} + {ARRIVALS}"

INDEX = 'CREATE INDEX IF NOT EXISTS "idx_readings_station_3ec27d" ON "readings" ("station_id", "time_s")'
"""SQLite loses its indexes where a column is taken away: the table is written anew."""


class Migration(migrations.Migration):
    dependencies = [('trambox', '0008_keep_units_reasons_and_registrations')]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='ReadingRow',
            options={'table': 'readings', 'app': 'trambox', 'indexes': [Index(fields=['station_id', 'time_s'])], 'pk_attr': 'id', 'table_description': 'One judged value, the number as received is kept beside it.'},
        ),
        ops.AddField(
            model_name='ReadingRow',
            name='verdict',
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.RunSQL(PACK),
        ops.RemoveField(model_name='ReadingRow', name='tests'),
        ops.RunSQL(INDEX),
        ops.AddField(
            model_name='StationRow',
            name='consistency',
            field=fields.JSONField(default=list, db_default='[]', encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
