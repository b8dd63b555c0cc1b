"""Hours in which nothing came, over both stores."""

import pytest

from actors.empty_hours import AWAITED_S, FILLED, EmptyHours, HeardOf
from actors.rules.timetable import Raised
from protocols.times import HOUR_S
from storage.models import CounterRow, DirtyDayRow, HourlyRow, LongerProductRow
from storage.writer import Unit
from tests.actors.averaging_kit import CADENCE_S, MIDNIGHT_S, STATION, UNITS, Clock, clock_over, day_of_values
from tests.actors.station_kit import CADENCE_S as FIVE_MINUTES_S
from tests.actors.station_kit import GRACE_S, NOON_S, file, reading, station

pytestmark = pytest.mark.asyncio
FIRST_S, SECOND_S = MIDNIGHT_S + HOUR_S, MIDNIGHT_S + 2 * HOUR_S
DUE_S = 300.0


def filling(clock: Clock, filled_s: int = 0) -> None:
    making = clock.averaging.hours
    clock.averaging.empty = EmptyHours(clock.writer, making, lambda hour_s: [STATION], lambda: filled_s)


async def of(hour_s: int) -> set[tuple[str, float | None, int, int, int, int]]:
    rows = await HourlyRow.filter(hour_s=hour_s).order_by("version")
    return {(row.parameter, row.value, row.flag, row.count, row.expected, row.version) for row in rows}


async def test_an_hour_without_a_word_has_a_row_for_every_parameter_and_what_comes_late_is_its_first_version(
    store_url: str,
) -> None:
    async with clock_over(store_url) as clock:
        filling(clock)
        await clock.put(day_of_values(MIDNIGHT_S, 1))
        await clock.make(FIRST_S + DUE_S)
        assert {row[-1] for row in await of(FIRST_S)} == {1}
        await clock.make(SECOND_S + DUE_S)
        assert await of(SECOND_S) == {(symbol, None, 9, 0, HOUR_S // CADENCE_S, 0) for symbol in UNITS}
        assert await LongerProductRow.filter(end_s=SECOND_S).count() == len(UNITS)
        assert await DirtyDayRow.all().count() > 0
        await clock.make(SECOND_S + DUE_S + 60)
        assert len(await of(SECOND_S)) == len(UNITS), "once"
        late = {key: value for key, value in day_of_values(MIDNIGHT_S, 2).items() if key[1] > FIRST_S}
        await clock.put(late)
        await clock.make(SECOND_S + DUE_S + 120)
        newest = list(await HourlyRow.filter(hour_s=SECOND_S, parameter="CO").order_by("version"))
        assert [(row.version, row.count, row.reason) for row in newest] == [(0, 0, ""), (1, 6, "")]


async def test_an_hour_whose_late_readings_wait_is_not_empty(store_url: str) -> None:
    async with clock_over(store_url) as clock:
        filling(clock)
        await clock.put(day_of_values(MIDNIGHT_S, 1))
        await clock.make(FIRST_S + DUE_S)
        late = {key: value for key, value in day_of_values(MIDNIGHT_S, 2).items() if key[1] > FIRST_S}
        await clock.put(late, since_s=SECOND_S + int(DUE_S) + 1)
        await clock.make(SECOND_S + DUE_S + 2)
        assert {row[-1] for row in await of(SECOND_S)} == {1}, "nobody was told that nothing came"
        assert {row.version for row in await LongerProductRow.filter(end_s=SECOND_S)} == {1}
        third_s = SECOND_S + HOUR_S
        unit = Unit()
        unit.add("dirty_hours", (clock.ids.take("dirty_hours"), STATION, third_s, (third_s + 301) * 1000))
        await clock.writer.store(unit)
        await clock.make(third_s + DUE_S + 2)
        assert {row[-1] for row in await of(third_s)} == {0}, "it waits to be made, for what was declared, and is empty"


async def test_a_restart_goes_on_behind_the_newest_filled_hour_and_fills_no_more_than_a_day(store_url: str) -> None:
    async with clock_over(store_url) as clock:
        filling(clock, FIRST_S)
        await clock.make(MIDNIGHT_S + 40 * HOUR_S + DUE_S)
        hours = sorted({row.hour_s for row in await HourlyRow.all()})
        assert (hours[0], len(hours)) == (MIDNIGHT_S + 17 * HOUR_S, 24)
        assert (await CounterRow.get(name=FILLED)).value == MIDNIGHT_S + 40 * HOUR_S


async def test_what_becomes_due_goes_before_the_rest_of_the_empty_hours(store_url: str) -> None:
    async with clock_over(store_url) as clock:
        filling(clock, FIRST_S)
        clock.now_s = MIDNIGHT_S + 5 * HOUR_S + DUE_S
        await clock.averaging._make_due()
        await clock.put({key: value for key, value in day_of_values(MIDNIGHT_S, 6).items() if key[1] > clock.now_s})
        clock.now_s += HOUR_S
        await clock.averaging._make_due()
        assert {row.hour_s for row in await HourlyRow.all()} == {SECOND_S, MIDNIGHT_S + 6 * HOUR_S}
        await clock.make(clock.now_s)
        assert {row.hour_s for row in await HourlyRow.all()} == {MIDNIGHT_S + at * HOUR_S for at in range(2, 7)}


async def test_an_hour_of_increased_frequency_expects_more(store_url: str) -> None:
    async with clock_over(store_url) as clock:
        raised = clock.profile.timetable.with_raised([Raised(MIDNIGHT_S + 1800, SECOND_S, 300)])
        clock.averaging.hours.pace = lambda profile: raised
        await clock.put(day_of_values(MIDNIGHT_S, 3))
        await clock.make(MIDNIGHT_S + 3 * HOUR_S + DUE_S)
        rows = await HourlyRow.filter(parameter="CO").order_by("hour_s")
        assert [row.expected for row in rows] == [9, 12, 6]
        rain = await LongerProductRow.filter(parameter="R", end_s=MIDNIGHT_S + 3 * HOUR_S).get()
        assert rain.expected == 9 + 12 + 6 + 5 * 6


async def test_a_station_is_awaited_from_its_first_value_until_thirty_days_after_its_last() -> None:
    never, spoke = station(), station()
    heard = HeardOf(lambda: [never, spoke])
    spoke.receive(file(1, NOON_S + GRACE_S, reading(NOON_S, 5.0)))
    assert heard.until(NOON_S - FIVE_MINUTES_S) == []
    assert heard.until(NOON_S) == [1]
    assert heard.until(NOON_S + GRACE_S + AWAITED_S) == []
