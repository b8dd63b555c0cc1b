"""What stands in the archive: one row for each Parquet file, written in the transaction that makes it the truth."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.models import Model


class ArchivePartRow(Model):
    """A Parquet file of waypoints. All of one UTC day of observation, from the journal's rows (after_id, last_id].

    `newest_ms` is its latest receipt, `forwarded` says by destination how many of its rows were owed and sent. An
    expired part keeps its row, for the sums.
    """

    id = fields.BigIntField(primary_key=True)
    day_s = fields.BigIntField()
    after_id = fields.BigIntField()
    last_id = fields.BigIntField()
    rows = fields.BigIntField()
    size = fields.BigIntField()
    sha256 = fields.CharField(64)
    newest_ms = fields.BigIntField()
    forwarded: fields.Field[dict[str, int]] = fields.JSONField(default=dict)
    made_ms = fields.BigIntField()
    expired_ms = fields.BigIntField(null=True)

    class Meta:
        table = "archive_parts"
