"""Hourly means: made when due, 75 % exactly, a new version for late data, one file per destination."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from actors.averaging import hours_together
from actors.leisure import MOST_S, REST, at_leisure
from actors.products import Made
from actors.station_profile import StationProfile
from protocols.vocabulary import Flag, Period, ProductKind
from storage.models import DirtyHourRow, GapRow, HourlyRow, OutFileRow, ReadingRow
from storage.writer import Unit
from tests.actors.station_kit import NOON_S
from tests.actors.yard import Yard, open_yard

pytestmark = pytest.mark.asyncio
HOUR_END_S = NOON_S + 3600


@pytest_asyncio.fixture
async def yard(tmp_path: Path) -> AsyncIterator[Yard]:
    async with open_yard(tmp_path) as yard:
        yard.clock_s = HOUR_END_S + 299.0
        yield yard


async def rows() -> list[tuple[int, float | None, int, int, int]]:
    found = await HourlyRow.filter(station_id=1, hour_s=HOUR_END_S).order_by("version")
    return [(row.version, row.value, row.flag, row.count, row.expected) for row in found]


async def make(yard: Yard, clock_s: float = HOUR_END_S + 300.0) -> None:
    await yard.writer.flush()
    yard.clock_s = clock_s
    await yard.make_hours()


async def test_an_hour_is_made_at_minute_five_and_not_before(yard: Yard) -> None:
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 6.0] * 6)
    await make(yard, HOUR_END_S + 299.9)
    assert await rows() == []
    await make(yard)
    assert await rows() == [(1, 5.5, Flag.GOOD, 12, 12)]
    assert await DirtyHourRow.all().count() == 0


@pytest.mark.parametrize(("members", "value", "flag"), [(9, 5.0, Flag.GOOD), (8, None, Flag.MISSING)])
async def test_nine_of_twelve_values_make_a_mean_and_eight_do_not(
    yard: Yard, members: int, value: float | None, flag: Flag
) -> None:
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 5.1, 4.9] * 2, *[5.0, 5.1, 4.9][: members - 6])
    await make(yard)
    ((_, mean, flagged, count, expected),) = await rows()
    assert (count, expected, flagged) == (members, 12, flag)
    assert mean == (None if value is None else pytest.approx(value))


async def test_late_data_make_a_new_version_with_its_reason_and_the_old_one_stays(yard: Yard) -> None:
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 6.0] * 5)
    await make(yard)
    await yard.upload("TB_A", HOUR_END_S - 3000, 7.0)
    await make(yard, HOUR_END_S + 900.0)
    assert [(version, count) for version, _, _, count, _ in await rows()] == [(1, 10), (2, 11)]
    newest = await HourlyRow.all().order_by("-version").first()
    assert newest is not None
    assert newest.reason == "late readings"


async def test_a_touched_hour_whose_mean_stays_the_same_makes_no_version(yard: Yard) -> None:
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 6.0] * 6)
    await make(yard)
    await yard.upload("TB_A", HOUR_END_S - 3300, 9.0)
    await make(yard, HOUR_END_S + 900.0)
    assert [version for version, *_ in await rows()] in ([1], [1, 2])
    before = await HourlyRow.all().count()
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 6.0] * 6)
    await make(yard, HOUR_END_S + 1200.0)
    assert await HourlyRow.all().count() == before


async def test_an_hour_touched_while_it_is_made_is_made_again(yard: Yard) -> None:
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 6.0] * 5)
    await yard.writer.flush()
    yard.clock_s = HOUR_END_S + 300.0
    ((work, (hour,)),) = hours_together(await yard.averaging.due())
    await yard.upload("TB_A", HOUR_END_S - 3000, 7.0)
    await yard.writer.flush()
    await yard.averaging._make(work, [hour])
    await make(yard)
    assert [count for _, _, _, count, _ in await rows()][-1] == 11
    assert await DirtyHourRow.all().count() == 0


async def test_each_version_owes_the_destination_a_file_and_counts_it(yard: Yard) -> None:
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 6.0] * 6)
    await make(yard)
    (file,) = await OutFileRow.all()
    assert (file.state, file.version, file.hour_s) == ("waiting", 1, HOUR_END_S)
    assert b"5.5000" in file.body
    assert yard.owed == {"bo"}
    assert yard.counters.get("destination.bo.due") == yard.counters.get("destination.bo.waiting") == 1


async def test_whoever_follows_the_products_is_told_before_they_are_stored_and_stores_with_them(yard: Yard) -> None:
    told: list[Made] = []

    def follow(unit: Unit, profile: StationProfile, made: Made) -> None:
        told.append(made)
        unit.count(f"made.{profile.code}.{made.period}")

    yard.averaging.hours.on_made = [follow]
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 6.0] * 6)
    await make(yard)
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 6.0] * 6)
    await make(yard)
    made, eight = told
    assert (eight.period, eight.values[0].count, eight.values[0].flag) == (Period.EIGHT_HOURS, 1, Flag.MISSING)
    assert (made.period, made.end_s, made.version, made.changed) == (Period.HOUR, HOUR_END_S, 1, frozenset({"COD"}))
    assert [(each.parameter, each.kind, each.value, each.count) for each in made.values] == [
        ("COD", ProductKind.MEAN, 5.5, 12)
    ]
    assert yard.counters.get("made.TB_A.1h") == 1


async def test_an_hour_below_its_completeness_owes_nobody_a_file(yard: Yard) -> None:
    await yard.upload("TB_A", HOUR_END_S, 5.0, 6.0)
    await make(yard)
    assert await OutFileRow.all().count() == 0


async def test_a_gap_is_one_row_from_its_opening_to_its_filling(yard: Yard) -> None:
    yard.clock_s = float(NOON_S)
    await yard.upload("TB_A", NOON_S, 5.0)
    yard.pass_time(1000)
    await yard.writer.flush()
    opened = await GapRow.filter(state="open").values_list("from_s", "to_s", "missing")
    assert [tuple(row) for row in opened] == [(NOON_S, None, 3)]
    await yard.upload("TB_A", NOON_S + 900, 5.5)
    await yard.writer.flush()
    closed = await GapRow.all().values_list("from_s", "to_s", "missing", "state")
    assert [tuple(row) for row in closed] == [(NOON_S, NOON_S + 900, 2, "closed")]
    await yard.upload("TB_A", NOON_S + 300, 5.5)
    await yard.upload("TB_A", NOON_S + 600, 5.5)
    await yard.writer.flush()
    filled = await GapRow.all().values_list("from_s", "to_s", "missing", "state")
    assert [tuple(row) for row in filled] == [(NOON_S, NOON_S + 900, 0, "backfilled")]


async def test_a_stored_value_is_bit_for_bit_what_came(yard: Yard) -> None:
    await yard.upload("TB_A", HOUR_END_S, 0.1 + 0.2)
    await yard.writer.flush()
    (row,) = await ReadingRow.all()
    assert (row.value, row.raw_text) == (0.1 + 0.2, "0.30000000000000004")


async def test_an_hour_that_becomes_due_goes_before_what_came_late(yard: Yard) -> None:
    next_s = HOUR_END_S + 3600
    await make(yard)
    yard.clock_s = HOUR_END_S + 900.0
    for end_s in (HOUR_END_S - 7200, HOUR_END_S, next_s):
        await yard.upload("TB_A", end_s, *[5.0, 6.0] * 6)
    await yard.writer.flush()
    made: list[int] = []

    def follow(unit: Unit, profile: StationProfile, hour: Made) -> None:
        del unit, profile
        if hour.period is Period.HOUR:
            made.append(hour.end_s)
            yard.clock_s = next_s + 300.0

    yard.averaging.hours.on_made = [follow]
    assert yard.averaging._sleep_s() > 0
    await yard.make_hours()
    assert made == [HOUR_END_S], "the newest of the late ones; then an hour became due"
    assert yard.averaging._sleep_s() == 0
    while await yard.make_hours():
        pass
    assert made == [HOUR_END_S, next_s, HOUR_END_S - 7200]


async def test_what_came_late_is_followed_by_a_rest(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr("actors.leisure.asyncio.sleep", rest)
    await yard.upload("TB_A", HOUR_END_S, *[5.0, 6.0] * 5)
    await make(yard)
    assert rests == [], "what is complete when it is due waits for nothing"
    yard.clock_s = HOUR_END_S + 900.0
    await yard.upload("TB_A", HOUR_END_S - 3000, 7.0)
    await make(yard, HOUR_END_S + 900.0)
    assert [seconds > 0 for seconds in rests] == [True]


async def test_a_part_that_took_long_is_followed_by_a_rest_that_holds_up_no_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The store was slow for minutes: three times as long would be past the next hour."""
    rests, loop = list[float](), asyncio.get_running_loop()

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr("actors.leisure.asyncio.sleep", rest)
    for took_s in (0.5, 1200.0):
        begun_s = loop.time()
        times = iter((begun_s, begun_s + took_s))
        with monkeypatch.context() as patched:
            patched.setattr(loop, "time", lambda times=times: next(times))
            at = at_leisure()
            await at.__aenter__()
            await at.__aexit__(None, None, None)
    assert rests == [pytest.approx(0.5 * REST), MOST_S]
