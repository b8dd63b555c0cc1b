"""Whole days of products on both engines: what is made when, the same whatever the order, and once over a kill."""

import random
from datetime import date
from typing import Any

import pytest

from actors.averaging import DONE, hours_together
from actors.rules.aqi import aqi_of_day, aqi_of_hour, nowcast
from actors.rules.aqi_table import load_aqi_table
from protocols.times import DAY_S, HOUR_S, hour_end
from protocols.vocabulary import Flag, Period
from storage.ids import load_ids
from storage.models import AqiRow, DirtyDayRow, DirtyHourRow, HourlyRow, LongerProductRow, ReadingRow
from storage.writer import StoreError, Unit
from tests.actors.averaging_kit import (
    CADENCE_S,
    MIDNIGHT_S,
    STATION,
    Clock,
    Values,
    air_profile,
    clock_over,
    day_of_values,
    in_use,
)
from tests.storage.stores import opened

DUE_S = 300.0
END_S = MIDNIGHT_S + DAY_S
LATER_S = END_S + 20 * HOUR_S
pytestmark = pytest.mark.asyncio


def by_hour(values: Values) -> dict[int, dict[tuple[str, int], float | None]]:
    hours: dict[int, dict[tuple[str, int], float | None]] = {}
    for (parameter, time_s), value in values.items():
        hours.setdefault(hour_end(time_s), {})[parameter, time_s] = value
    return hours


async def live_through(clock: Clock, values: Values) -> None:
    for hour_s, some in sorted(by_hour(values).items()):
        await clock.put(some)
        await clock.make(hour_s + DUE_S)


async def longer(period: Period, parameter: str) -> dict[int, LongerProductRow]:
    rows = await LongerProductRow.filter(period=str(period), parameter=parameter).order_by("version")
    return {row.end_s: row for row in rows}


def of_hours_with_a_word(found: dict[tuple[Any, ...], tuple[Any, ...]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Without the index of an hour in which nothing came: it is made with what comes long after, or by EmptyHours."""
    hours = {end_s for period, _, end_s in found if period == "1h"}
    return {key: facts for key, facts in found.items() if key[:2] != ("aqi", "1h") or key[2] in hours}


async def test_a_day_is_made_when_its_last_hour_was_and_never_before(store_url: str) -> None:
    values = day_of_values(MIDNIGHT_S, 24)
    async with clock_over(store_url) as clock:
        await live_through(clock, {key: value for key, value in values.items() if key[1] <= END_S - HOUR_S})
        assert await LongerProductRow.filter(period="day").count() == 0
        hydromet = await longer(Period.HYDROMET_DAY, "R")
        assert list(hydromet) == [MIDNIGHT_S + 19 * HOUR_S]
        await live_through(clock, {key: value for key, value in values.items() if key[1] > END_S - HOUR_S})
        (day,) = (await longer(Period.DAY, "PM2.5")).values()
        means = await HourlyRow.filter(parameter="PM2.5").values_list("value", flat=True)
        assert (day.end_s, day.version, day.count, day.expected) == (END_S, 1, 24, 24)
        assert day.value == pytest.approx(sum(float(str(mean)) for mean in means) / 24, abs=1e-9)
        assert await DirtyDayRow.filter(end_s__lte=END_S).count() == 0


async def test_an_hour_without_a_word_in_what_came_long_after_has_the_index_that_two_hours_before_it_make(
    store_url: str,
) -> None:
    """QĐ 1459/QĐ-TCMT: two of the last three hours make a NowCast, the newest need not be one of them."""
    silent_s = MIDNIGHT_S + 13 * HOUR_S
    async with clock_over(store_url) as clock:
        await clock.put(day_of_values(MIDNIGHT_S, 12))
        await clock.make(silent_s + HOUR_S - 1)
        assert not await AqiRow.filter(end_s=silent_s).exists(), "it may be filled when it is due"
        await clock.put({("CO", MIDNIGHT_S + 12 * HOUR_S - 1): 0.8})
        await clock.make(silent_s + HOUR_S)
        means = [row.value for row in await HourlyRow.filter(parameter="PM2.5").order_by("-hour_s")]
        index = await AqiRow.get(period="1h", end_s=silent_s)
        expected = nowcast([None, *means[:11]], "law_norm")
        assert index.nowcast == {"pm25": pytest.approx(expected, abs=1e-9)}
        assert (index.aqi, index.main) == (index.sub["pm25"], "pm25")
        assert {name for name, sub in index.sub.items() if sub is not None} == {"pm25"}
        assert not await AqiRow.filter(end_s__gt=silent_s).exists(), "one of three makes none"


async def test_rain_of_both_days_is_the_sum_of_their_readings(store_url: str) -> None:
    values = day_of_values(MIDNIGHT_S - 5 * HOUR_S, 29)
    async with clock_over(store_url) as clock:
        await live_through(clock, values)
        for period, start_s in ((Period.DAY, MIDNIGHT_S), (Period.HYDROMET_DAY, MIDNIGHT_S - 5 * HOUR_S)):
            row = (await longer(period, "R"))[start_s + DAY_S]
            rain = [v for (name, at), v in values.items() if name == "R" and start_s < at <= start_s + DAY_S and v]
            assert row.value == pytest.approx(sum(rain), abs=1e-9)
            assert (row.kind, row.flag, row.count, row.expected) == ("sum", Flag.GOOD, 144, 144)
        assert await LongerProductRow.filter(period="hydromet_day").exclude(parameter="R").count() == 0


async def test_the_index_of_hours_and_day_is_that_of_the_rules(store_url: str) -> None:
    async with clock_over(store_url) as clock:
        await live_through(clock, day_of_values(MIDNIGHT_S, 24))
        table = load_aqi_table(date(2026, 3, 21))
        means: dict[str, list[float]] = {}
        for name, factor in (("PM2.5", 1.0), ("O3", 1.0), ("CO", 1000.0)):
            rows = await HourlyRow.filter(parameter=name).order_by("hour_s")
            means[name] = [row.value * factor for row in rows if row.value is not None]
        hour = await AqiRow.get(period="1h", end_s=END_S)
        expected = aqi_of_hour(
            {"o3_1h": means["O3"][-1], "co": means["CO"][-1]}, {"pm25": means["PM2.5"][::-1][:12]}, table
        )
        assert (hour.aqi, hour.main, hour.sub) == (expected.value, expected.main, expected.sub)
        day = await AqiRow.get(period="day", end_s=END_S)
        of_day = aqi_of_day({"o3_1h": means["O3"], "co": means["CO"], "pm25": means["PM2.5"]}, table)
        assert (day.aqi, day.main) == (of_day.value, of_day.main)
        assert day.sub.keys() == {"pm25", "o3_1h", "o3_8h", "co"}


async def test_a_late_hour_makes_again_exactly_what_took_it_in(store_url: str) -> None:
    values = day_of_values(MIDNIGHT_S, 24)
    late = {key: value for key, value in values.items() if hour_end(key[1]) == MIDNIGHT_S + 10 * HOUR_S}
    async with clock_over(store_url) as clock:
        await live_through(clock, {key: value for key, value in values.items() if key not in late})
        before = {row.id for row in await LongerProductRow.all()} | {-row.id for row in await AqiRow.all()}
        await clock.put(late)
        await clock.make(LATER_S)
        eight = await LongerProductRow.filter(period="8h", parameter="PM2.5", version__gt=1).values_list(
            "end_s", flat=True
        )
        fresh = await LongerProductRow.filter(period="8h", parameter="PM2.5", end_s=MIDNIGHT_S + 10 * HOUR_S)
        assert sorted((int(str(end_s)) - MIDNIGHT_S) // HOUR_S for end_s in eight) == list(range(11, 18))
        assert [(row.version, row.reason) for row in fresh] == [(1, "")]
        indexes = [row for row in await AqiRow.filter(period="1h") if -row.id not in before]
        assert {(row.end_s - MIDNIGHT_S) // HOUR_S for row in indexes} <= set(range(10, 22))
        (day,) = await LongerProductRow.filter(period="day", parameter="PM2.5", version=2)
        assert (day.count, day.reason) == (24, "late readings")


async def test_any_order_of_arrival_ends_in_the_same_products(store_url: str) -> None:
    """Hours in any order, cut into pieces, the clock running in between whenever it likes."""
    values = day_of_values(MIDNIGHT_S, 24)
    dice = random.Random(store_url.partition(":")[0])
    gone = set(dice.sample(sorted(values), 300))
    kept = {key: value for key, value in values.items() if key not in gone}
    async with clock_over(store_url) as clock:
        await live_through(clock, kept)
        await clock.make(LATER_S)
        straight = of_hours_with_a_word(await in_use())
        for table in (HourlyRow, LongerProductRow, AqiRow):
            await table.all().delete()
        await ReadingRow.all().delete()
        pieces = sorted(kept)
        dice.shuffle(pieces)
        for at in range(0, len(pieces), 60):
            await clock.put({key: kept[key] for key in pieces[at : at + 60]})
            if dice.random() < 0.4:
                await clock.make(dice.choice([MIDNIGHT_S + 12 * HOUR_S, LATER_S]))
        await clock.make(LATER_S)
        assert of_hours_with_a_word(await in_use()) == straight
        assert await DirtyHourRow.all().count() == await DirtyDayRow.all().count() == 0


async def test_a_kill_in_the_middle_repeats_no_version_and_loses_nothing(store_url: str) -> None:
    """The store goes away after some of the units; the next process goes on with what is on the lists."""
    async with clock_over(store_url) as clock:
        await clock.put(day_of_values(MIDNIGHT_S, 60))
        clock.now_s = LATER_S + 2 * DAY_S
        (first, *_) = hours_together(await clock.averaging.due())
        unit = Unit(updates=[(DONE, (row.id,)) for row in first[1]])
        await clock.averaging.hours.make(unit, first[0])
        await clock.writer.store(unit)
        lost = Unit()
        await clock.averaging.hours.make(lost, first[0])
        assert lost.rows == {}
    async with opened(store_url) as (database, writer):
        again = Clock(database, writer, await load_ids(database), air_profile())
        await again.make(LATER_S + 2 * DAY_S)
        assert await HourlyRow.filter(version__gt=1).count() == 0
        assert await HourlyRow.filter(parameter="PM2.5").count() == 60
        assert await DirtyHourRow.all().count() == await DirtyDayRow.all().count() == 0
        whole = await in_use()
        for hour_s in range(MIDNIGHT_S + HOUR_S, END_S + 1, HOUR_S):
            await writer.store(Unit(rows={"dirty_hours": [(again.ids.take("dirty_hours"), STATION, hour_s, 0)]}))
        await again.make(LATER_S + 3 * DAY_S)
        assert await in_use() == whole
        assert await HourlyRow.filter(version__gt=1).count() == 0


async def test_a_store_that_is_away_leaves_the_hour_on_the_list(store_url: str, monkeypatch: Any) -> None:
    async with clock_over(store_url) as clock:
        await clock.put(day_of_values(MIDNIGHT_S, 1))

        async def away(unit: Unit) -> None:
            raise StoreError("away")

        with monkeypatch.context() as patch:
            patch.setattr(clock.writer, "store", away)
            with pytest.raises(StoreError):
                await clock.make(LATER_S)
        assert await HourlyRow.all().count() == 0
        await clock.make(LATER_S)
        assert await HourlyRow.all().count() == 6


async def test_a_change_after_the_freeze_says_so(store_url: str) -> None:
    profile = air_profile(products={"freeze_after_h": 48})
    values = day_of_values(MIDNIGHT_S, 1)
    last = {key: value for key, value in values.items() if key[1] == MIDNIGHT_S + HOUR_S}
    async with clock_over(store_url, profile) as clock:
        await clock.put({key: value for key, value in values.items() if key not in last})
        await clock.make(LATER_S)
        await clock.put(last)
        await clock.make(MIDNIGHT_S + 50 * HOUR_S)
        rows = await HourlyRow.filter(parameter="PM2.5").order_by("version").values_list("version", "count", "reason")
        assert [tuple(row) for row in rows] == [(1, 5, ""), (2, 6, "after the freeze: late readings")]


async def test_a_wind_without_its_speed_has_no_direction(store_url: str) -> None:
    values = {key: value for key, value in day_of_values(MIDNIGHT_S, 1).items() if key[0] != "WindSpeed"}
    async with clock_over(store_url) as clock:
        await clock.put(values)
        await clock.make(LATER_S)
        row = await HourlyRow.get(parameter="WindDir")
        assert (row.value, row.flag, row.count, row.wind_kind, row.kind) == (
            None,
            Flag.MISSING,
            0,
            "insufficient",
            "vector",
        )
        await clock.put({("WindSpeed", MIDNIGHT_S + slot * CADENCE_S): 3.0 for slot in range(1, 7)})
        await clock.make(LATER_S + HOUR_S)
        late = await HourlyRow.get(parameter="WindDir", version=2)
        assert (late.count, late.wind_kind, late.reason) == (6, "mean", "late readings")
