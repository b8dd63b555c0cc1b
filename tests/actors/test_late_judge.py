"""What came days late is judged by the night as if it had come in time: any order of arrival gives the batch result."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.late_judge import LateJudge, judge_rows_again, reach
from actors.messages import Effect, ReadingJudged, ReadingRevised
from protocols.verdict import ARRIVALS, arrival_of, unpack
from storage.ids import load_ids
from storage.late_readings import StoredRow
from storage.models import DirtyHourRow, ReadingRow
from tests.actors.station_kit import CADENCE_S, NOON_S, file, profile, reading, station
from tests.storage.stores import opened

DAY_S = 86400
VALUES = [5.0, 5.2, 30.0, 5.1, 5.3, 5.3, 5.3, 5.3, 5.3, 5.3, 5.3, 90.0, 91.0]


def stored(order: list[int]) -> list[StoredRow]:
    """What an actor makes of values that come in some order, five of them three days after the others."""
    actor, rows = station(), dict[int, StoredRow]()
    times = [NOON_S + CADENCE_S * at for at in range(len(VALUES))]
    files = [file(at + 1, times[at] + 60.0, reading(times[at], VALUES[at])) for at in order[:-5]]
    late_s = NOON_S + 3 * DAY_S
    files.append(file(90, late_s, reading(late_s, 7.0)))
    files += [file(100 + at, late_s + 60, reading(times[at], VALUES[at])) for at in order[-5:]]
    for number, message in enumerate(files, 1):
        for effect in actor.receive(message):
            if isinstance(effect, ReadingJudged) and arrival_of(effect.verdict) in ARRIVALS[:3]:
                rows[effect.time_s] = StoredRow(
                    number, "COD", effect.time_s, effect.value, effect.verdict, int(effect.flag), 0
                )
            elif isinstance(effect, ReadingRevised):
                was = rows[effect.time_s]
                rows[effect.time_s] = was._replace(verdict=effect.verdict, flag=int(effect.flag))
    return sorted(rows.values())


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(len(VALUES))))
def test_any_order_of_arrival_ends_in_the_flags_of_the_order_of_time(order: list[int]) -> None:
    def flags(rows: list[StoredRow]) -> dict[int, tuple[int, dict[str, int]]]:
        again = {row.time_s: row for row in judge_rows_again(profile(), rows)}
        last = [again.get(row.time_s, row) for row in rows if row.time_s < NOON_S + DAY_S]
        plain = ((row, unpack(row.verdict)) for row in last)
        return {row.time_s: (row.flag, {**tests, "order": 0}) for row, tests in plain}

    assert flags(stored(order)) == flags(stored(list(range(len(VALUES)))))


def test_a_second_look_finds_nothing() -> None:
    rows = stored(list(range(len(VALUES))))
    again = {row.time_s: row for row in judge_rows_again(profile(), rows)}
    assert judge_rows_again(profile(), [again.get(row.time_s, row) for row in rows]) == []


def test_the_reach_is_that_of_the_longest_test_and_a_day() -> None:
    assert reach(profile())[0] >= DAY_S + 3600 and reach(profile())[1] >= 3600


@pytest.mark.asyncio
async def test_a_night_revises_what_came_late_and_lets_its_hours_be_made_again(sqlite_url: str) -> None:
    rows = stored([0, 1, 3, 4, 5, 6, 7, 8, 2, 9, 10, 11, 12])
    touched: list[int] = []
    async with opened(sqlite_url) as (database, writer):
        for row in rows:
            await ReadingRow.create(
                id=row.id, station_id=1, parameter="COD", time_s=row.time_s, value=row.value, raw_text="", unit="mg/L",
                device_status="00", flag=row.flag, verdict=row.verdict, file_id=row.id, line=1,
            )  # fmt: skip
        seen = [0]
        judge = LateJudge(
            lambda: NOON_S + 3 * DAY_S + 900.0, writer, await load_ids(database), {1: profile()}.get,
            lambda: seen[0], lambda: touched.append(1),
        )  # fmt: skip
        told: list[Effect] = []
        judge.watch = lambda unit, effects: told.extend(effects)
        assert await judge.night() > 0 and touched == [1]
        assert NOON_S + 2 * CADENCE_S in {one.time_s for one in told if isinstance(one, ReadingRevised)}
        assert await judge.night() == 0, "the same again changes nothing"
        spike = await ReadingRow.get(time_s=NOON_S + 2 * CADENCE_S)
        hours = [row.hour_s for row in await DirtyHourRow.all()]
    assert spike.tests["spike"] == 4 and spike.tests["step"] == 4 and spike.flag == 4
    assert NOON_S + 3600 in hours
