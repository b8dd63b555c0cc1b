"""What came, as it came: append-only.

Invariant: `WaypointRow` has no index but its key. Each row names the previous row of its vehicle (`prev`), so a track
is a walk backwards and the hot table needs no second B-tree (docs/decisions/0003-hot-table.md).
"""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class FileRow(Model):
    """A station file as it came. `body` is null where the bytes (over 1 MiB) stand in `disk_path`.

    `path` is relative to the data directory: the readable copy under `<station>/yyyy/mm/dd/`.
    """

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField(null=True)
    account = fields.CharField(64)
    protocol = fields.CharField(8)
    address = fields.CharField(64)
    name = fields.CharField(255)
    path = fields.CharField(500, default="")
    received_ms = fields.BigIntField()
    size = fields.IntField()
    sha256 = fields.CharField(64)
    fate = fields.CharField(12)
    reason = fields.CharField(300, default="")
    layout = fields.CharField(24, default="")
    records = fields.IntField(default=0)
    faults: fields.Field[list[object]] = fields.JSONField(default=list)
    time_s = fields.BigIntField(null=True)
    body: fields.Field[bytes | None] = fields.BinaryField(null=True)

    class Meta:
        table = "files"
        indexes = (Index(fields=("station_id", "name")), Index(fields=("station_id", "received_ms")))


class WaypointRow(Model):
    """A waypoint as it came: the hot table. Key order is order of arrival."""

    id = fields.BigIntField(primary_key=True)
    prev = fields.BigIntField()
    vehicle_id = fields.IntField()
    time_s = fields.BigIntField()
    received_ms = fields.BigIntField()
    provider_id = fields.IntField()
    body = fields.BinaryField()

    class Meta:
        table = "waypoints"


class AsideRow(Model):
    """A message kept apart from the waypoints: a duplicate, an unreadable one, or one that is not a waypoint."""

    id = fields.BigIntField(primary_key=True)
    provider_id = fields.IntField()
    vehicle_id = fields.IntField(null=True)
    time_s = fields.BigIntField(null=True)
    received_ms = fields.BigIntField()
    fate = fields.CharField(12)
    reason = fields.CharField(120, default="")
    body = fields.BinaryField()

    class Meta:
        table = "asides"
