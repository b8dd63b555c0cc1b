"""The products of one station: those of an hour from its readings, longer ones from the hours.

Pure: readings and hours in, products out. What a longer period is made from stands beside each hour (`Product.parts`),
so the readings are read once.
Invariant: the order of arrival decides only which record of one instant counts, never what a product comes to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import floor, fsum

from actors.product_plan import ProductPlan, StationPlan
from actors.products import Product
from actors.rules.averaging import MEMBER_FLAGS, Member, expected_count, hourly_mean, needed_count
from actors.rules.hours import mean_of_hours
from actors.rules.rain import RainSum, rain_sum, settle_sum
from actors.rules.wind import WindMean, WindParts, WindSample, join_parts, settle_direction, wind_parts
from protocols.times import HOUR_S
from protocols.vocabulary import Flag, ProductKind
from storage.layers import Effective

REGULAR = "regular"
"""Part of an hour of increased frequency whose value stands by its regular slots: how many these are."""
NO_MEMBERS = {Flag.FAIL, Flag.MISSING}
SURE = {Flag.GOOD, Flag.SUSPECT}


Readings = Mapping[str, Sequence[Effective]]
"""By parameter; those of one instant stand in order of arrival."""
Hours = Mapping[str, Product]


def hour_products(
    plan: StationPlan, hour_s: int, readings: Readings, units: Mapping[str, str], slots: int | None = None
) -> list[Product]:
    """Make the products of the hour that ends at `hour_s`, by parameter.

    Args:
        units: of the products in use, by parameter: what has lost its readings is MISSING, it does not stay.
        slots: records expected in this hour where its frequency is increased; intervals of a parameter's own stay.
    """
    made: list[Product] = []
    for parameter in sorted(readings.keys() | units.keys()):
        own, rows = plan.plan(parameter), readings.get(parameter, ())
        if own is None:
            continue
        unit = rows[-1].unit if rows else units[parameter]
        speeds = readings.get(own.speed, ()) if own.kind is ProductKind.VECTOR else ()
        if slots and own.interval_s == plan.other.interval_s:
            made.append(_raised(parameter, unit, own, HOUR_S / slots, hour_s, rows, speeds))
        else:
            made.append(_hour(parameter, unit, own, hour_s, rows, speeds))
    return made


def _hour(
    parameter: str, unit: str, own: ProductPlan, hour_s: int, rows: Sequence[Effective], speeds: Sequence[Effective]
) -> Product:
    members = [Member(row.time_s, row.value, row.flag) for row in rows]
    match own.kind:
        case ProductKind.MEAN:
            mean = hourly_mean(members, hour_s, own.interval_s, own.completeness)
            return Product(parameter, own.kind, mean.value, unit, mean.flag, mean.members, mean.expected)
        case ProductKind.SUM:
            found = rain_sum(members, hour_s - HOUR_S, hour_s, own.interval_s, own.completeness)
            return _sum(parameter, unit, found)
        case ProductKind.VECTOR:
            parts = wind_parts(_samples(rows, speeds), hour_s, own.calm_ms, own.weight)
            return _vector(parameter, unit, own, parts, HOUR_S)


def _raised(
    parameter: str,
    unit: str,
    own: ProductPlan,
    raised_s: float,
    hour_s: int,
    rows: Sequence[Effective],
    speeds: Sequence[Effective],
) -> Product:
    """The product of an hour of increased frequency: what is expected is the raised number, and told as such.

    A station that went on in its regular way (nobody had told it yet, or its logger cannot) has measured the hour as it
    measures any other: its value stands if the regular slots are filled by their share. Records that fill a corner of
    the hour do not make it. A sum of fewer records than were expected is a lower bound (Q15), thus SUSPECT.
    """
    product = _hour(parameter, unit, replace(own, interval_s=raised_s), hour_s, rows, speeds)
    regular = expected_count(HOUR_S, own.interval_s)
    if product.flag is not Flag.MISSING or product.expected <= regular:
        return product
    if _slots_filled(rows, hour_s, own.interval_s) < needed_count(HOUR_S / own.interval_s, own.completeness):
        return product
    found = _hour(parameter, unit, own, hour_s, rows, speeds)
    if found.flag is Flag.MISSING:
        return product
    flag = Flag.SUSPECT if own.kind is ProductKind.SUM and found.flag is Flag.GOOD else found.flag
    return replace(found, expected=product.expected, flag=flag, parts={**(found.parts or {}), REGULAR: regular})


def _slots_filled(rows: Sequence[Effective], hour_s: int, interval_s: float) -> int:
    """How many regular slots of the hour have a member; a time counts for the slot that it is nearest to."""
    members = (row for row in rows if row.flag in MEMBER_FLAGS and row.value is not None)
    slots = {floor((row.time_s - (hour_s - HOUR_S)) / interval_s + 0.5) for row in members}
    return len(slots & set(range(1, expected_count(HOUR_S, interval_s) + 1)))


def longer_products(plan: StationPlan, end_s: int, window_s: int, hours: Mapping[int, Hours]) -> list[Product]:
    """Make the products of (end_s - window_s, end_s] from its hours, by parameter.

    Args:
        hours: end of the hour -> its products by parameter; more hours than the window's may be there.
    """
    ends = range(end_s - window_s + HOUR_S, end_s + 1, HOUR_S)
    parameters = {parameter for end in ends for parameter in hours.get(end, ())}
    made: list[Product] = []
    for parameter in sorted(parameters):
        own = plan.plan(parameter)
        if own is None:
            continue
        found = [hour[parameter] for end in ends if parameter in (hour := hours.get(end, {}))]
        found = [each for each in found if each.kind is own.kind]
        if found:
            made.append(_longer(parameter, own, window_s, found))
    return made


def _longer(parameter: str, own: ProductPlan, window_s: int, hours: Sequence[Product]) -> Product:
    unit = hours[-1].unit
    parts = [each.parts or {} for each in hours]
    raised = sum(each.expected - expected_count(HOUR_S, own.interval_s) for each in hours)
    unmet = sum(each.expected - each.measured_by for each in hours)
    if raised and own.kind is not ProductKind.MEAN:
        regular = expected_count(window_s, own.interval_s)
        if unmet:
            own = replace(own, interval_s=window_s / (regular + raised - unmet))
            product = _longer_of(parameter, unit, own, window_s, hours, parts)
            flag = Flag.SUSPECT if own.kind is ProductKind.SUM and product.flag is Flag.GOOD else product.flag
            return replace(product, expected=regular + raised, flag=flag)
        own = replace(own, interval_s=window_s / (regular + raised))
    return _longer_of(parameter, unit, own, window_s, hours, parts)


def _longer_of(
    parameter: str,
    unit: str,
    own: ProductPlan,
    window_s: int,
    hours: Sequence[Product],
    parts: Sequence[Mapping[str, float]],
) -> Product:
    if own.kind is ProductKind.SUM:
        total, suspect = fsum(part.get("total", 0.0) for part in parts), any(part.get("suspect") for part in parts)
        expected = expected_count(window_s, own.interval_s)
        members = sum(each.count for each in hours)
        return _sum(parameter, unit, settle_sum(total, members, expected, own.completeness, suspect))
    if own.kind is ProductKind.VECTOR:
        joined = join_parts(
            [
                WindParts(
                    each.count,
                    int(part.get("calm", 0)),
                    part.get("east", 0.0),
                    part.get("north", 0.0),
                    part.get("weight", 0.0),
                    bool(part.get("suspect")),
                )
                for each, part in zip(hours, parts, strict=True)
            ]
        )
        return _vector(parameter, unit, own, joined, window_s)
    expected = expected_count(window_s, max(own.interval_s, HOUR_S))
    mean = mean_of_hours([(each.value, each.flag) for each in hours], expected, own.completeness)
    return Product(parameter, own.kind, mean.value, unit, mean.flag, mean.members, mean.expected)


def _sum(parameter: str, unit: str, found: RainSum) -> Product:
    parts = {"total": found.total, "suspect": int(found.is_suspect)}
    return Product(
        parameter, ProductKind.SUM, found.value, unit, found.flag, found.members, found.expected, parts=parts
    )


def _vector(parameter: str, unit: str, own: ProductPlan, parts: WindParts, window_s: int) -> Product:
    found: WindMean = settle_direction(parts, needed_count(window_s / own.interval_s, own.completeness), own.r_min)
    kept = {
        "calm": parts.calm,
        "east": parts.east,
        "north": parts.north,
        "weight": parts.weight,
        "suspect": int(parts.is_suspect),
    }
    expected = expected_count(window_s, own.interval_s)
    return Product(
        parameter, ProductKind.VECTOR, found.direction_deg, unit, found.flag, found.members, expected,
        wind_kind=str(found.kind), parts=kept,
    )  # fmt: skip


def _samples(directions: Sequence[Effective], speeds: Sequence[Effective]) -> list[WindSample]:
    """Pair the first records of each instant; what one of the two lacks is no member."""
    speed_at: dict[int, Effective] = {}
    for row in speeds:
        speed_at.setdefault(row.time_s, row)
    samples: list[WindSample] = []
    for row in directions:
        speed = speed_at.get(row.time_s)
        flags = {row.flag, Flag.MISSING if speed is None else speed.flag}
        flag = Flag.FAIL if flags & NO_MEMBERS else max(flags & SURE, default=Flag.GOOD)
        samples.append(WindSample(row.time_s, row.value, None if speed is None else speed.value, flag))
    return samples
