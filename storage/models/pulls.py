"""What is fetched from loggers' own servers, and what was asked of samplers."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class PullRow(Model):
    """A logger's server that is visited. `url` may hold {yyyy} {MM} {dd}, of as many days as `look_back_days` says."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(64, unique=True)
    url = fields.CharField(400)
    stations: fields.Field[list[str]] = fields.JSONField(default=list)
    pattern = fields.CharField(128, default="*")
    every_s = fields.IntField(default=300)
    look_back_days = fields.IntField(default=2)
    settle_s = fields.IntField(default=10)
    enabled = fields.BooleanField(default=True)

    class Meta:
        table = "pulls"


class PulledRow(Model):
    """A file that was fetched, as it stood at the peer. Written in the transaction that keeps the file."""

    id = fields.BigIntField(primary_key=True)
    pull = fields.CharField(64)
    path = fields.CharField(500)
    size = fields.BigIntField()
    modified_s = fields.BigIntField()
    file_id = fields.BigIntField()
    at_ms = fields.BigIntField()

    class Meta:
        table = "pulled"
        unique_together = (("pull", "path"),)


class SampleRow(Model):
    """A sample that was asked of a station's sampler, and what became of it."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    asked_by = fields.CharField(64)
    asked_ms = fields.BigIntField()
    reason = fields.CharField(300)
    bottle = fields.CharField(32, default="")
    channel = fields.CharField(8)
    token = fields.CharField(48, db_index=True)
    state = fields.CharField(12)
    attempts = fields.IntField(default=0)
    sent_ms = fields.BigIntField(null=True)
    due_ms = fields.BigIntField()
    answered_ms = fields.BigIntField(null=True)
    answer = fields.CharField(300, default="")
    last_error = fields.CharField(300, default="")

    class Meta:
        table = "samples"
        indexes = (Index(fields=("station_id", "id")), Index(fields=("state", "id")))
