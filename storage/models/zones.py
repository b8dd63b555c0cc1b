"""Speed limits with a place."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.models import Model


class ZoneRow(Model):
    """A road or an area with its limit, `direction` is both, forward, backward, or degrees."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(96, unique=True)
    title = fields.CharField(200, default="")
    limit_kmh = fields.FloatField()
    class_limits_kmh: fields.Field[dict[str, float]] = fields.JSONField(default=dict)
    priority = fields.IntField(default=0)
    width_m = fields.FloatField(default=0.0)
    direction = fields.CharField(12, default="both")
    tolerance_deg = fields.FloatField(default=45.0)
    from_s = fields.BigIntField(default=0)
    to_s = fields.BigIntField(null=True)
    hours: fields.Field[list[list[int]]] = fields.JSONField(default=list)
    geometry: fields.Field[dict[str, object]] = fields.JSONField(default=dict)

    class Meta:
        table = "zones"
