"""Exceedances of limits, and the stretches of time in which they must be looked for (again)."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class ExceedanceRow(Model):
    """A run of values beyond a limit or near it, `end_s` null while it goes on. Remade from the values, never by hand.

    `high` is Cmax (a name that PostgreSQL keeps for itself). `state` withdrawn: later data took it back. `worst` is the
    number that was held against the limit (a stack's at its reference oxygen), `noticed_ms` when it was first told.
    """

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    averaging = fields.CharField(8)
    start_s = fields.BigIntField()
    last_s = fields.BigIntField()
    end_s = fields.BigIntField(null=True)
    level = fields.CharField(24)
    state = fields.CharField(24)
    worst = fields.FloatField()
    worst_s = fields.BigIntField()
    high = fields.FloatField(null=True)
    low = fields.FloatField(null=True)
    unit = fields.CharField(24)
    count = fields.IntField()
    noticed_ms = fields.BigIntField()
    updated_ms = fields.BigIntField()

    class Meta:
        table = "exceedances"
        unique_together = (("station_id", "averaging", "start_s", "parameter"),)
        indexes = (Index(fields=("state", "id")), Index(fields=("station_id", "averaging", "end_s")))


class ExceedanceWorkRow(Model):
    """A stretch ending at `end_s` whose exceedances must be looked for, written with the values."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    averaging = fields.CharField(8)
    end_s = fields.BigIntField()

    class Meta:
        table = "exceedance_work"
        unique_together = (("station_id", "averaging", "end_s"),)
