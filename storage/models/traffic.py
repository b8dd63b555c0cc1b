"""What each vehicle did each day, in sums that a report adds up, and whose vehicle it was when."""

# Tortoise reads a class named Meta off every model, which pyright takes for an override.
# pyright: reportIncompatibleVariableOverride=false

from tortoise import fields
from tortoise.models import Model

from storage.partial_index import PartialIndex

FAULTS = ("rare", "silences", "lacking", "disorder")
"""What can be wrong with a day's transmission."""


class TrafficDayRow(Model):
    """One vehicle's local day (UTC+7). `id` is `vehicle_id * 65536 + day`, days since 1970, so a period is one range.

    `way_m`, `moving_s` and `messages` come from the vehicle's rules, all else is counted from the closed violations
    that began on the day, `over_*` of those from 5 km/h above the limit on (`storage/traffic_days.py`).
    """

    id = fields.BigIntField(primary_key=True)
    way_m = fields.FloatField(default=0.0, db_default=0.0)
    moving_s = fields.IntField(default=0, db_default=0)
    messages = fields.IntField(default=0, db_default=0)
    under_5 = fields.IntField(default=0, db_default=0)
    over_5 = fields.IntField(default=0, db_default=0)
    over_10 = fields.IntField(default=0, db_default=0)
    over_20 = fields.IntField(default=0, db_default=0)
    over_35 = fields.IntField(default=0, db_default=0)
    over_m = fields.FloatField(default=0.0, db_default=0.0)
    over_s = fields.IntField(default=0, db_default=0)
    worst_kmh = fields.FloatField(default=0.0, db_default=0.0)
    continuous = fields.IntField(default=0, db_default=0)
    daily = fields.IntField(default=0, db_default=0)
    weekly = fields.IntField(default=0, db_default=0)
    silences = fields.IntField(default=0, db_default=0)
    silent_s = fields.IntField(default=0, db_default=0)
    rare = fields.IntField(default=0, db_default=0)
    lacking = fields.IntField(default=0, db_default=0)
    disorder = fields.IntField(default=0, db_default=0)

    class Meta:
        table = "traffic_days"
        indexes = (PartialIndex(fields=("id", *FAULTS, "silent_s"), where=f"{' + '.join(FAULTS)} > 0"),)


class TrafficMonthRow(Model):
    """One vehicle's month, the sum of its days. `id` is `vehicle_id * 65536 + month`, months since 1970.

    `active_days` are those in which it moved, `driving_days` those on which a case of driving hours began
    (`storage/traffic_months.py`).
    """

    id = fields.BigIntField(primary_key=True)
    way_m = fields.FloatField()
    moving_s = fields.IntField()
    messages = fields.IntField()
    under_5 = fields.IntField()
    over_5 = fields.IntField()
    over_10 = fields.IntField()
    over_20 = fields.IntField()
    over_35 = fields.IntField()
    over_m = fields.FloatField()
    over_s = fields.IntField()
    worst_kmh = fields.FloatField()
    continuous = fields.IntField()
    daily = fields.IntField()
    weekly = fields.IntField()
    silences = fields.IntField()
    silent_s = fields.IntField()
    rare = fields.IntField()
    lacking = fields.IntField()
    disorder = fields.IntField()
    active_days = fields.IntField()
    driving_days = fields.IntField()

    class Meta:
        table = "traffic_months"


class VehicleOwnerRow(Model):
    """Whose vehicle it was on the days from `from_day` to `to_day`, both inclusive, days since 1970 (UTC+7).

    `id` is `vehicle_id * 65536 + from_day`. The stretch that goes on has `to_day` 65535.
    """

    id = fields.BigIntField(primary_key=True)
    vehicle_id = fields.IntField(db_index=True)
    from_day = fields.IntField()
    to_day = fields.IntField()
    company = fields.CharField(200, db_index=True)
    department = fields.CharField(200, db_index=True)
    terminal = fields.CharField(200)
    provider = fields.CharField(64)
    business = fields.CharField(64)
    registered = fields.BooleanField()

    class Meta:
        table = "vehicle_owners"


class DirtyTrafficDayRow(Model):
    """A vehicle's day whose violations must be counted (again): written with them, taken away with the counts."""

    id = fields.BigIntField(primary_key=True)
    vehicle_id = fields.IntField()
    day = fields.IntField()

    class Meta:
        table = "dirty_traffic_days"
        unique_together = (("vehicle_id", "day"),)
