"""The running state: actors, destinations' spans and outbox, counters, the audit log."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class ActorRow(Model):
    """A source actor's snapshot and an operator's stop. `seq` is the journal row the snapshot includes."""

    id = fields.CharField(128, primary_key=True)
    seq = fields.BigIntField(default=0)
    judged = fields.BigIntField(default=0)
    state: fields.Field[bytes | None] = fields.BinaryField(null=True)
    stopped_by = fields.CharField(64, default="")
    stopped_ms = fields.BigIntField(null=True)

    class Meta:
        table = "actors"


class VehicleStateRow(Model):
    """A vehicle's snapshot, compact: there may be a million. `head`, `newest_s`, `seen` are the intake's part."""

    id = fields.IntField(primary_key=True)
    seq = fields.BigIntField()
    head = fields.BigIntField()
    newest_s = fields.BigIntField()
    seen = fields.BinaryField()
    state: fields.Field[bytes | None] = fields.BinaryField(null=True)

    class Meta:
        table = "vehicle_states"


class CrashRow(Model):
    """Why an actor crashed, and the message that was set aside for it."""

    id = fields.BigIntField(primary_key=True)
    actor = fields.CharField(128)
    at_ms = fields.BigIntField()
    reason = fields.CharField(300)
    traceback = fields.TextField()
    message = fields.TextField(default="")

    class Meta:
        table = "crashes"
        indexes = (Index(fields=("actor", "id")),)


class CounterRow(Model):
    """A running total, changed only in the transaction that stores what it counts."""

    name = fields.CharField(128, primary_key=True)
    value = fields.BigIntField()

    class Meta:
        table = "counters"


class SpanRow(Model):
    """A stretch of the waypoint journal that a destination is owed: rows in (cursor, up_to_id], null = open end."""

    id = fields.BigIntField(primary_key=True)
    destination_id = fields.IntField(db_index=True)
    after_id = fields.BigIntField()
    cursor = fields.BigIntField()
    up_to_id = fields.BigIntField(null=True)

    class Meta:
        table = "spans"


class OutFileRow(Model):
    """An hourly file for a destination, moved waiting -> forwarded by compare and set."""

    id = fields.BigIntField(primary_key=True)
    destination_id = fields.IntField()
    station_id = fields.IntField()
    hour_s = fields.BigIntField()
    version = fields.IntField()
    name = fields.CharField(255)
    body = fields.BinaryField()
    made_ms = fields.BigIntField()
    state = fields.CharField(12)
    attempts = fields.IntField(default=0)
    forwarded_ms = fields.BigIntField(null=True)
    last_error = fields.CharField(300, default="")
    reason = fields.CharField(120, default="", db_default="")

    class Meta:
        table = "outfiles"
        indexes = (Index(fields=("destination_id", "state", "id")),)


class AuditRow(Model):
    """Who did what at the console or on the command line."""

    id = fields.BigIntField(primary_key=True)
    at_ms = fields.BigIntField()
    user = fields.CharField(64)
    action = fields.CharField(48)
    target = fields.CharField(200)
    detail = fields.CharField(300, default="")

    class Meta:
        table = "audit_log"


class RefusedUnitRow(Model):
    """What the store would not take for good (a bug), kept whole: `content` is a Python literal."""

    id = fields.CharField(32, primary_key=True)
    reason = fields.CharField(300)
    content = fields.BinaryField()

    class Meta:
        table = "refused_units"
