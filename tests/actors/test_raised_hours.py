"""Hours of increased frequency that a station did not meet: what it measured in its regular way is not lost."""

import pytest

from actors.hour_products import hour_products
from actors.hourly_file import HourlyValue, is_good_enough
from actors.product_plan import StationPlan
from actors.products import Product
from actors.rules.averaging import HourlyMean
from actors.rules.timetable import Raised
from protocols.times import DAY_S, HOUR_S
from protocols.vocabulary import Flag
from storage.layers import Effective
from storage.models import DestinationRow, HourlyRow, LongerProductRow
from tests.actors.averaging_kit import MIDNIGHT_S, air_profile, clock_over, day_of_values

PLAN: StationPlan = air_profile().plan
END_S = MIDNIGHT_S + HOUR_S


def product(parameter: str, times: range, slots: int, flag: Flag = Flag.GOOD) -> Product:
    rows = [Effective(MIDNIGHT_S + at, 2.0, flag, "u", 1, "00") for at in times]
    (made,) = hour_products(PLAN, END_S, {parameter: rows}, {}, slots)
    return made


REGULAR = range(600, 3601, 600)


@pytest.mark.parametrize(
    ("times", "value"),
    [
        (REGULAR, 2.0),
        (range(600, 3001, 600), 2.0),
        (range(600, 2401, 600), None),  # four of six slots
        (range(60, 661, 60), None),  # a corner of the hour, though more records than ever
        (range(60, 2701, 60), 2.0),  # three quarters of what was raised
        (range(601, 3602, 600), 2.0),
    ],
)
def test_a_mean_stands_by_what_was_raised_or_by_the_regular_slots(times: range, value: float | None) -> None:
    made = product("CO", times, 60)
    assert (made.value, made.expected) == (value, 60)
    assert made.flag is (Flag.MISSING if value is None else Flag.GOOD)


def test_a_sum_of_fewer_records_than_were_expected_is_a_lower_bound() -> None:
    made = product("R", REGULAR, 60)
    assert (made.value, made.flag, made.count, made.expected) == (12.0, Flag.SUSPECT, 6, 60)


def test_failed_values_fill_no_slot_and_a_destination_asks_for_its_share_of_what_suffices() -> None:
    assert product("CO", REGULAR, 60, Flag.FAIL).value is None
    made = product("CO", REGULAR, 60)
    mean = HourlyMean(made.value, made.count, made.measured_by, made.flag)
    destination = DestinationRow(min_completeness=0.75, suspect=True, parameters=[])
    assert is_good_enough(HourlyValue("CO", mean, "mg/m3"), destination)


@pytest.mark.asyncio
async def test_a_disaster_declared_afterwards_leaves_reported_hours_and_days_their_values(store_url: str) -> None:
    """TT 13/2023/TT-BTNMT art. 4.2: nobody measured more often before he was told to."""
    async with clock_over(store_url) as clock:
        values = day_of_values(MIDNIGHT_S, 24)
        await clock.put(values)
        await clock.make(MIDNIGHT_S + DAY_S + 600)
        before = {row.hour_s: row.value for row in await HourlyRow.filter(parameter="CO")}
        rain = await LongerProductRow.get(parameter="R", period="day", end_s=MIDNIGHT_S + DAY_S)
        raised = clock.profile.timetable.with_raised([Raised(MIDNIGHT_S, MIDNIGHT_S + 6 * HOUR_S, 60)])
        clock.averaging.hours.pace = lambda profile: raised
        await clock.put({("CO", MIDNIGHT_S + at * HOUR_S): None for at in range(1, 7)}, flag=9)
        await clock.make(MIDNIGHT_S + DAY_S + 1200)
        again = await HourlyRow.filter(parameter="CO", version=2).order_by("hour_s")
        assert [(row.value, row.count, row.expected, row.reason) for row in again] == [
            (before[row.hour_s], 6, 60, "expected records: 6 -> 60") for row in again
        ]
        assert len(again) == 6
        of_day = (
            await LongerProductRow.filter(parameter="R", period="day", end_s=rain.end_s).order_by("-version").first()
        )
        assert of_day is not None and of_day.version == 2
        assert of_day.value == pytest.approx(rain.value)
        assert of_day.flag == Flag.SUSPECT
        assert (rain.expected, of_day.expected) == (144, 18 * 6 + 6 * 60)
