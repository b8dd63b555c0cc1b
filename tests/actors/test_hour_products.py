"""Products of an hour and of longer periods: any order, and the same from the hours as from the readings."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from actors.hour_products import Readings, hour_products, longer_products
from actors.product_plan import StationPlan
from actors.products import Product
from actors.rules.averaging import Member
from actors.rules.rain import rain_sum
from actors.rules.wind import WindKind, WindSample, wind_direction
from protocols.times import HOUR_S
from protocols.vocabulary import Flag, ProductKind
from storage.layers import Effective
from tests.actors.averaging_kit import CADENCE_S, MIDNIGHT_S, air_profile

PLAN: StationPlan = air_profile().plan
EIGHT_S = 8 * HOUR_S
SLOTS = EIGHT_S // CADENCE_S
flags = st.sampled_from(Flag)
direction = st.tuples(st.integers(0, 360), st.sampled_from([0.0, 0.4, 0.5, 2.0, 9.0]), flags)


def effective(time_s: int, value: float | None, flag: Flag = Flag.GOOD) -> Effective:
    return Effective(time_s, value, flag, "", 1, "00")


def hours_of(readings: Readings) -> dict[int, dict[str, Product]]:
    """The eight hours, each made from its own readings."""
    found: dict[int, dict[str, Product]] = {}
    for hour_s in range(MIDNIGHT_S + HOUR_S, MIDNIGHT_S + EIGHT_S + 1, HOUR_S):
        own = {
            name: rows
            for name, all_rows in readings.items()
            if (rows := [row for row in all_rows if hour_s - HOUR_S < row.time_s <= hour_s])
        }
        found[hour_s] = {each.parameter: each for each in hour_products(PLAN, hour_s, own, {})}
    return found


def at(slot: int) -> int:
    return MIDNIGHT_S + (slot + 1) * CADENCE_S


@given(st.lists(st.tuples(st.floats(0, 60), flags), min_size=SLOTS, max_size=SLOTS), st.sets(st.integers(0, SLOTS - 1)))
def test_a_long_sum_made_from_hours_is_that_of_the_readings(rain: Sequence[tuple[float, Flag]], gone: set[int]) -> None:
    rows = [effective(at(slot), value, flag) for slot, (value, flag) in enumerate(rain) if slot not in gone]
    found = longer_products(PLAN, MIDNIGHT_S + EIGHT_S, EIGHT_S, hours_of({"R": rows}))
    members = [Member(row.time_s, row.value, row.flag) for row in rows]
    expected = rain_sum(members, MIDNIGHT_S, MIDNIGHT_S + EIGHT_S, CADENCE_S)
    if not rows:
        assert found == []
        return
    (product,) = found
    assert (product.count, product.expected, product.flag) == (expected.members, expected.expected, expected.flag)
    assert (product.value is None) is (expected.value is None)
    if product.value is not None and expected.value is not None:
        assert abs(product.value - expected.value) <= 1e-9


@given(st.lists(direction, min_size=6, max_size=6), st.permutations(range(6)))
def test_an_hours_wind_is_that_of_the_rule_in_any_order(rows: list[tuple[int, float, Flag]], order: list[int]) -> None:
    readings = {
        "WindDir": [effective(at(slot), float(rows[slot][0]), rows[slot][2]) for slot in order],
        "WindSpeed": [effective(at(slot), rows[slot][1]) for slot in range(6)],
    }
    hour_s = MIDNIGHT_S + HOUR_S
    (made,) = [each for each in hour_products(PLAN, hour_s, readings, {}) if each.kind is ProductKind.VECTOR]
    samples = [WindSample(at(slot), float(wd), ws, flag) for slot, (wd, ws, flag) in enumerate(rows)]
    expected = wind_direction(samples, hour_s, CADENCE_S)
    assert (made.value, made.wind_kind, made.count, made.flag) == (
        expected.direction_deg, str(expected.kind), expected.members, expected.flag,
    )  # fmt: skip


def test_a_long_direction_weighs_readings_and_not_hours() -> None:
    """Seven hours from the north, one from the south; a mean of eight directions would be 337.5 or worse."""
    turns = [180.0 if slot < 6 else 355.0 + slot % 11 for slot in range(SLOTS)]
    readings = {
        "WindDir": [effective(at(slot), turns[slot] % 360) for slot in range(SLOTS)],
        "WindSpeed": [effective(at(slot), 3.0) for slot in range(SLOTS)],
    }
    wind, _ = longer_products(PLAN, MIDNIGHT_S + EIGHT_S, EIGHT_S, hours_of(readings))
    assert (wind.wind_kind, wind.count, wind.expected, wind.flag) == (WindKind.MEAN, SLOTS, SLOTS, Flag.GOOD)
    assert wind.value is not None
    assert min(wind.value, 360 - wind.value) < 2


def test_what_has_lost_its_readings_is_missing_and_does_not_stay() -> None:
    (made,) = hour_products(PLAN, MIDNIGHT_S + HOUR_S, {}, {"PM2.5": "ug/m3"})
    assert (made.value, made.flag, made.count, made.unit) == (None, Flag.MISSING, 0, "ug/m3")
