"""Thresholds through time and what is proposed for them, drift by day, and control states that changed."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class ThresholdVersionRow(Model):
    """What one parameter of a station is judged with from `valid_from_ms` on, until its next version. Never altered.

    `tables` are the settled tables of all tests, `origins` says of each test whether its table is the default, the
    station's own, or calibrated. `own_hash` tells whether the station's own tables changed since.
    """

    id = fields.IntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    tables: fields.Field[dict[str, object]] = fields.JSONField()
    origins: fields.Field[dict[str, str]] = fields.JSONField()
    params_hash = fields.CharField(16)
    own_hash = fields.CharField(16)
    valid_from_ms = fields.BigIntField()
    who = fields.CharField(64)
    reason = fields.CharField(300, default="")

    class Meta:
        table = "threshold_versions"
        indexes = (Index(fields=("station_id", "parameter", "id")),)


class ThresholdProposalRow(Model):
    """Thresholds that the data of a station suggest, `evidence` holds the quantiles they rest on."""

    id = fields.IntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    made_ms = fields.BigIntField()
    tables: fields.Field[dict[str, dict[str, float]]] = fields.JSONField()
    was: fields.Field[dict[str, dict[str, float]]] = fields.JSONField()
    evidence: fields.Field[dict[str, float]] = fields.JSONField()
    state = fields.CharField(12, default="open")
    decided_by = fields.CharField(64, default="")
    decided_ms = fields.BigIntField(null=True)
    reason = fields.CharField(300, default="")
    version_id = fields.IntField(null=True)

    class Meta:
        table = "threshold_proposals"
        indexes = (Index(fields=("station_id", "state")),)


class DriftDayRow(Model):
    """A civil day of one parameter: its mean, its full hours, what CUSUM was fed with, and the flag it gave the day."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    day_s = fields.BigIntField()
    mean = fields.FloatField(null=True)
    hours = fields.IntField()
    fed = fields.FloatField(null=True)
    flag = fields.SmallIntField()

    class Meta:
        table = "drift_days"
        unique_together = (("station_id", "parameter", "day_s"),)


class DriftStateRow(Model):
    """Where the CUSUM of one series stands after `last_day_s`, `id` is station:parameter."""

    id = fields.CharField(64, primary_key=True)
    settings_hash = fields.CharField(16)
    first_day_s = fields.BigIntField()
    last_day_s = fields.BigIntField()
    state: fields.Field[list[object]] = fields.JSONField()
    last_hour_id = fields.BigIntField(default=0)

    class Meta:
        table = "drift_states"


class DriftTicketRow(Model):
    """An alarm of CUSUM as a ticket for people: it fails no value. `change_s` is the day PELT gives to the change."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    day_s = fields.BigIntField()
    direction = fields.CharField(8)
    start_s = fields.BigIntField()
    made_ms = fields.BigIntField()
    state = fields.CharField(12)
    change_s = fields.BigIntField(null=True)

    class Meta:
        table = "drift_tickets"
        unique_together = (("station_id", "parameter", "day_s"),)


class ControlChangeRow(Model):
    """A control state that changed after it was published (QĐ 338/QĐ-KTTV), `at_ms` is when."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    time_s = fields.BigIntField()
    file_id = fields.BigIntField()
    line = fields.IntField()
    was = fields.CharField(24)
    now = fields.CharField(24)
    at_ms = fields.BigIntField()

    class Meta:
        table = "control_changes"
        indexes = (Index(fields=("station_id", "time_s")),)
