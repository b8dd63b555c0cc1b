"""What goes on for long is read on from a mark, and comes out as if it had been read from its start."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.exceedance_making import SOURCES, held_values
from actors.exceedance_marks import Mark, Marks, fold_marked, mark_times
from actors.rules.exceedance import Fold, Run, hold, runs_of
from actors.rules.limits import Averaging, Limit
from protocols.times import DAY_S, HOUR_S
from protocols.vocabulary import Flag
from storage.exceedances import Points, instants
from storage.models import ExceedanceRow
from tests.actors.exceedance_kit import Desk, judged, limited_profile, minutes, open_desk, revised, series
from tests.actors.station_kit import CADENCE_S, NOON_S

PROFILE = limited_profile(COD={"value": 100.0}, TSS={"value": 100.0, "tendency_s": 3600})
INSTANT, HOUR = Averaging.INSTANT, Averaging.HOUR
HOURS = [NOON_S + HOUR_S * at for at in range(200)]


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, PROFILE) as desk:
        yield desk


def run_at(time_s: int) -> Run:
    held = hold(time_s, 120.0, Flag.GOOD, "00", Limit(100))
    assert held is not None
    return Run(NOON_S, time_s, held.level, held)


def marks_at(*times: int) -> list[Mark]:
    return [Mark(time_s, {"COD": run_at(time_s)}) for time_s in times]


def test_a_mark_goes_when_a_value_before_it_may_change() -> None:
    marks = Marks()
    marks.keep(PROFILE, INSTANT, marks_at(*HOURS[:5]))
    assert marks.before(PROFILE, INSTANT, HOURS[4]) == marks_at(HOURS[4])[0]
    assert marks.before(PROFILE, INSTANT, HOURS[3] - 1) == marks_at(HOURS[2])[0]
    assert marks.before(PROFILE, INSTANT, HOURS[4]) == marks_at(HOURS[2])[0]
    assert marks.before(PROFILE, INSTANT, NOON_S - 1) is None


def test_marks_are_of_one_averaging_and_of_the_limits_they_were_made_with() -> None:
    marks = Marks()
    marks.keep(PROFILE, INSTANT, marks_at(*HOURS[:5]))
    assert marks.before(PROFILE, HOUR, HOURS[9]) is None
    assert marks.before(replace(PROFILE, cadence_s=600), INSTANT, HOURS[9]) is None
    assert marks.before(PROFILE, INSTANT, HOURS[9]) is None


def test_of_many_marks_the_older_ones_are_thinned() -> None:
    marks = Marks()
    marks.keep(PROFILE, INSTANT, marks_at(*HOURS))
    kept = list[int]()
    while (mark := marks.before(PROFILE, INSTANT, (kept[-1] if kept else HOURS[-1] + 1) - 1)) is not None:
        kept.append(mark.time_s)
    assert kept[:8] == HOURS[: -1 - 8 : -1]
    assert len(kept) == 21 and kept[-1] < HOURS[24]


def test_where_nothing_goes_on_the_newest_mark_is_enough() -> None:
    marks = Marks()
    marks.keep(PROFILE, INSTANT, [Mark(time_s, {}) for time_s in HOURS[:9]])
    assert marks.before(PROFILE, INSTANT, HOURS[9]) == Mark(HOURS[8], {})
    assert marks.before(PROFILE, INSTANT, HOURS[7]) is None


def test_a_mark_says_what_went_on_after_the_values_up_to_it() -> None:
    limit, every = Limit(100), ((0, 120.0), (HOUR_S, 50.0), (HOUR_S + 300, 130.0))
    held = [each for at, value in every if (each := hold(NOON_S + at, value, Flag.GOOD, "00", limit)) is not None]
    times = mark_times([*(each.time_s for each in held), NOON_S + 2 * HOUR_S])
    stood = fold_marked(Fold(HOUR_S), held, times)
    assert [run and run.worst.value for run in stood] == [120.0, None, 130.0]


@pytest.mark.asyncio
async def test_a_file_into_a_week_of_exceeding_reads_hours_not_the_week(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.take(*series([120.0] * (7 * DAY_S // CADENCE_S)))
    source, spans = SOURCES[INSTANT], list[int]()

    async def read(station_id: int, after_s: int, to_s: int) -> Points:
        spans.append(to_s - after_s)
        return await source.read(station_id, after_s, to_s)

    monkeypatch.setitem(dict_of(SOURCES), INSTANT, replace(source, read=read))
    for at in range(20):
        await desk.take(judged(7 * 1440 + 5 * at, 120.0), revised(7 * 1440 + 5 * at - 5, Flag.GOOD))
    assert len(spans) == 20 and max(spans) <= 5 * HOUR_S
    await desk.take(judged(5 * 1440 + 1, 150.0))
    assert spans[-1] <= 3 * DAY_S
    assert await desk.said() == [(0, None, "exceeding", "exceeding", 150.0)]
    (row,) = await ExceedanceRow.all()
    assert row.count == 7 * DAY_S // CADENCE_S + 21


def dict_of(sources: object) -> dict[object, object]:
    assert isinstance(sources, dict)
    return sources


FLAGS = st.sampled_from([Flag.GOOD, Flag.SUSPECT, Flag.FAIL])
VALUES = st.sampled_from([20.0, 95.0, 101.0, 140.0])
SYMBOLS = st.sampled_from(["COD", "TSS"])
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("next"), st.integers(1, 6), SYMBOLS, VALUES, FLAGS),
        st.tuples(st.just("late"), st.integers(0, 60), SYMBOLS, VALUES, FLAGS),
        st.tuples(st.just("revise"), st.integers(0, 60), SYMBOLS, VALUES, FLAGS),
        st.tuples(st.just("decide"), st.integers(0, 30), SYMBOLS, VALUES, FLAGS),
    ),
    max_size=12,
)


@pytest.mark.asyncio
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(VALUES, min_size=40, max_size=60), acts=ACTS, forgets=st.booleans())
async def test_late_values_and_decisions_in_a_long_run_give_what_a_batch_gives(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[float],
    acts: list[tuple[str, int, str, float, Flag]],
    *,
    forgets: bool,
) -> None:
    async with open_desk(tmp_path_factory.mktemp("desk"), PROFILE) as desk:
        newest = 5 * (len(first) - 1)
        for symbol in ("COD", "TSS"):
            await desk.take(*(judged(5 * at, value, parameter=symbol) for at, value in enumerate(first)))
        for number, (act, step, symbol, value, flag) in enumerate(acts):
            if act == "next":
                newest += 5 * step
                await desk.take(judged(newest, value, flag, parameter=symbol))
            elif act == "late":
                await desk.take(judged(5 * step + 2, value, flag, parameter=symbol))
            elif act == "revise":
                await desk.take(revised(5 * step, flag, symbol))
            else:
                await desk.decide(5 * step, value, flag, symbol)
            if forgets and number % 4 == 3:
                await desk.clock.load()
            assert await kept(desk) == await batch()


Told = tuple[str, int, int, int | None, str, float, int]


async def kept(desk: Desk) -> list[Told]:
    rows = await ExceedanceRow.exclude(state="withdrawn").order_by("parameter", "start_s")
    return [
        (row.parameter, minutes(row.start_s), minutes(row.last_s), None if row.end_s is None else minutes(row.end_s),
         row.level, row.worst, row.count)
        for row in rows
    ]  # fmt: skip


async def batch() -> list[Told]:
    points = await instants(1, 0, NOON_S + 9 * DAY_S)
    told: list[Told] = []
    for each in PROFILE.series:
        for run in runs_of(held_values(each.limits, INSTANT, points, each.symbol), CADENCE_S):
            end = None if run.end_s is None else minutes(run.end_s)
            said = minutes(run.start_s), minutes(run.last_s), end, str(run.level), run.worst.value, run.count
            told.append((each.symbol, *said))
    return told
