"""What was judged from the journal: append-only facts with their flags; nothing here changes what came."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from protocols.verdict import unpack


class ReadingRow(Model):
    """One judged value, the number as received is kept beside it.

    `flag` and `verdict` (`protocols/verdict.py`) are the station actor's own. `outer_flags` holds one nibble for each
    test that looks beyond the station, written by their services alone. `params_id` is the version of the thresholds it
    was judged by, 0 for none.
    `unit` is the station's, `raw_unit` the file's, `reasons` the bits of what syntax found (actors/rules/syntax.py).
    """

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    time_s = fields.BigIntField()
    value = fields.FloatField(null=True)
    raw_text = fields.CharField(48)
    unit = fields.CharField(24)
    device_status = fields.CharField(8)
    flag = fields.SmallIntField()
    verdict = fields.BigIntField(default=0, db_default=0)
    file_id = fields.BigIntField()
    line = fields.IntField()
    params_id = fields.IntField(default=0, db_default=0)
    outer_flags = fields.BigIntField(default=0, db_default=0)
    raw_unit = fields.CharField(24, default="", db_default="")
    reasons = fields.IntField(default=0, db_default=0)

    @property
    def tests(self) -> dict[str, int]:
        """The flags by test."""
        return unpack(self.verdict)

    class Meta:
        table = "readings"
        indexes = (Index(fields=("station_id", "time_s")),)


class HourlyRow(Model):
    """The product of one parameter over the hour ending at `hour_s`, a later version replaces an earlier one in use.

    `kind` says whether it is a mean, a vector or a sum, `wind_kind` what a direction is, `parts` what longer sums and
    vectors are made from.
    """

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    hour_s = fields.BigIntField()
    version = fields.IntField()
    value = fields.FloatField(null=True)
    unit = fields.CharField(24)
    flag = fields.SmallIntField()
    count = fields.IntField()
    expected = fields.IntField()
    made_ms = fields.BigIntField()
    reason = fields.CharField(64, default="")
    kind = fields.CharField(8, default="mean", db_default="mean")
    wind_kind = fields.CharField(12, default="", db_default="")
    parts: fields.Field[dict[str, float] | None] = fields.JSONField(null=True)

    class Meta:
        table = "hourly"
        unique_together = (("station_id", "hour_s", "parameter", "version"),)


class DirtyHourRow(Model):
    """An hour whose means must be made (again): written with the readings, taken away with the means."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    hour_s = fields.BigIntField()
    since_ms = fields.BigIntField()

    class Meta:
        table = "dirty_hours"
        unique_together = (("station_id", "hour_s"),)


class GapRow(Model):
    """A hole in a parameter's series: the open interval (from_s, to_s) lacks `missing` expected values."""

    id = fields.BigIntField(primary_key=True)
    station_id = fields.IntField()
    parameter = fields.CharField(48)
    from_s = fields.BigIntField()
    to_s = fields.BigIntField(null=True)
    missing = fields.IntField()
    state = fields.CharField(12)

    class Meta:
        table = "gaps"
        unique_together = (("station_id", "from_s", "parameter"),)


class FlipRow(Model):
    """A change of freshness as a stored fact, `at_s` is the true time of the change."""

    id = fields.BigIntField(primary_key=True)
    source = fields.CharField(128)
    was = fields.CharField(16)
    now = fields.CharField(16)
    at_s = fields.FloatField()
    reason = fields.CharField(200, default="")

    class Meta:
        table = "flips"
        indexes = (Index(fields=("source", "id")),)


class ViolationRow(Model):
    """A violation of TT 09/2015/TT-BGTVT, `detail` holds the fields of its kind."""

    id = fields.BigIntField(primary_key=True)
    vehicle_id = fields.IntField()
    kind = fields.CharField(24)
    start_s = fields.BigIntField()
    end_s = fields.BigIntField(null=True)
    closed = fields.BooleanField()
    detail: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    driver = fields.CharField(32, default="", db_default="")

    class Meta:
        table = "violations"
        unique_together = (("vehicle_id", "kind", "start_s", "driver"),)
        indexes = (Index(fields=("vehicle_id", "start_s")), Index(fields=("driver", "start_s")))


class StretchRow(Model):
    """One driver at the wheel of one vehicle, pauses too short for a stop included. `id` is new whenever it grows."""

    id = fields.BigIntField(primary_key=True)
    vehicle_id = fields.IntField()
    driver = fields.CharField(32)
    start_s = fields.BigIntField()
    end_s = fields.BigIntField()

    class Meta:
        table = "stretches"
        unique_together = (("vehicle_id", "start_s"),)
        indexes = (Index(fields=("driver", "start_s")),)
