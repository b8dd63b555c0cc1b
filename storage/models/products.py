"""What is made of hourly products: longer ones and air quality indexes, in versions, and the days that wait."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.models import Model


class LongerProductRow(Model):
    """The product of one parameter over a longer period ending at `end_s` (`Period`), made from hourly ones."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    period = fields.CharField(16)
    parameter = fields.CharField(48)
    end_s = fields.BigIntField()
    version = fields.IntField()
    value = fields.FloatField(null=True)
    unit = fields.CharField(24)
    flag = fields.SmallIntField()
    count = fields.IntField()
    expected = fields.IntField()
    made_ms = fields.BigIntField()
    reason = fields.CharField(64, default="")
    kind = fields.CharField(8)
    wind_kind = fields.CharField(12, default="")

    class Meta:
        table = "longer_products"
        unique_together = (("station_id", "period", "end_s", "parameter", "version"),)


class AqiRow(Model):
    """The air quality index of a station's hour or day (`1h`, `day`), `aqi` is null without particles."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    period = fields.CharField(16)
    end_s = fields.BigIntField()
    version = fields.IntField()
    aqi = fields.IntField(null=True)
    main = fields.CharField(8, null=True)
    sub: fields.Field[dict[str, int | None]] = fields.JSONField(default=dict)
    nowcast: fields.Field[dict[str, float | None]] = fields.JSONField(default=dict)
    mode = fields.CharField(12)
    made_ms = fields.BigIntField()
    reason = fields.CharField(64, default="")

    class Meta:
        table = "aqi"
        unique_together = (("station_id", "period", "end_s", "version"),)


class DirtyDayRow(Model):
    """A day whose products must be made (again) once it is over, written with its hours and taken away when made."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    period = fields.CharField(16)
    end_s = fields.BigIntField()

    class Meta:
        table = "dirty_days"
        unique_together = (("station_id", "period", "end_s"),)
