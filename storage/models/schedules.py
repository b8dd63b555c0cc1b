"""What is expected of stations beside the inventory's own rows: days counted, areas, disasters, works."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class StationDayRow(Model):
    """Running counts of a station's values by the day that they stand for.

    `failed` is -1 where a verdict changed afterwards: then the day's readings are counted when somebody asks.
    """

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    day_s = fields.BigIntField()
    received = fields.IntField()
    late = fields.IntField()
    backfilled = fields.IntField()
    failed = fields.IntField()

    class Meta:
        table = "station_days"
        unique_together = (("station_id", "day_s"),)


class AreaRow(Model):
    """Stations that a disaster may strike together; `followed` are those that its disasters' hours are made by.

    The two differ from an import until a running box has let these hours be made again; null where nothing was yet.
    """

    id = fields.IntField(primary_key=True)
    name = fields.CharField(96, unique=True)
    title = fields.CharField(200, default="")
    stations: fields.Field[list[str]] = fields.JSONField(default=list)
    followed: fields.Field[list[str] | None] = fields.JSONField(null=True)

    class Meta:
        table = "areas"


class DisasterRow(Model):
    """Increased frequency of an area in [from_s, to_s), `to_s` is null while nobody has said when it ends."""

    id = fields.BigIntField(primary_key=True)
    area = fields.CharField(96)
    from_s = fields.BigIntField()
    to_s = fields.BigIntField(null=True)
    cadence_s = fields.IntField()
    reason = fields.CharField(200, default="")
    begun_by = fields.CharField(64, default="")
    ended_by = fields.CharField(64, default="")

    class Meta:
        table = "disasters"
        indexes = (Index(fields=("area", "from_s")),)


class WorkRow(Model):
    """A work whose stations must agree with each other, `rules` are tables of the inventory."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(96, unique=True)
    title = fields.CharField(200, default="")
    rules: fields.Field[list[dict[str, object]]] = fields.JSONField(default=list)

    class Meta:
        table = "works"
