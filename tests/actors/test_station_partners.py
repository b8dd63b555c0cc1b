"""Parameters of a station that judge each other: any order of arrival and any restart end as the whole day would."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import series
from actors.messages import Effect, FileStored
from actors.rules.suite import SeriesRecord
from actors.station import StationActor
from actors.station_batch import judge_station
from actors.station_profile import StationProfile, settle
from protocols.verdict import EXCLUDED
from protocols.vocabulary import Flag, StationKind
from storage.models import ParameterRow
from tests.actors.station_kit import CADENCE_S, NOON_S, Table, file, reading, station_row

LATEST_S = 6 * 3600
QC: dict[str, dict[str, dict[str, object]]] = {
    "WS": {"range": {"fail_lo": 0, "fail_hi": 60}, "spike": {"sus": 5}},
    "WD": {"flat_line": {"tol": 1, "sus_s": 1200, "fail_s": 2400}},
    "Gust": {"step": {"s10": 4, "f10": 9}},
    "Counter": {},
}
SYMBOLS = tuple(QC)
VALUES = {
    "WS": st.sampled_from([None, 0.0, 0.4, 3.0, 90.0]),
    "WD": st.sampled_from([0.0, 45.0, 46.5, None]),
    "Gust": st.sampled_from([0.2, 3.0, 9.0]),
    "Counter": st.sampled_from([1.0, 2.0, 3.0]),
}
RULES: list[dict[str, object]] = [
    {"rule": "wind_calm", "moving": 0.5, "ws": "WS", "wd": "WD"},
    {"rule": "gust", "tol": 0.1},
    {"rule": "rain_counter", "r": "Counter"},
]


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Blocks of five rows: a short day has many of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series, "BLOCK", 5)
        yield


def wind_station() -> StationProfile:
    row = station_row()
    row.kind, row.consistency = str(StationKind.HYDROMET), RULES
    parameters = [
        ParameterRow(id=at, station_id=1, symbol=symbol, unit="", aliases=[], qc=QC[symbol])
        for at, symbol in enumerate(SYMBOLS, 1)
    ]
    return settle(row, parameters, [])


PROFILE = wind_station()


Slot = tuple[int, int, tuple[float | None, ...]]
"""Which parameters came (a bit each), how many of them in the first of two files, and the values of all."""
slots = st.lists(
    st.tuples(st.integers(0, 15) | st.just(15), st.integers(0, 4), st.tuples(*(VALUES[symbol] for symbol in SYMBOLS))),
    min_size=1,
    max_size=60,
)


def files_of(day: list[Slot]) -> list[FileStored]:
    """A day's files in order of observation; all are received after the last one."""
    files: list[FileStored] = []
    received_s = NOON_S + len(day) * CADENCE_S
    for slot, (came, cut, values) in enumerate(day):
        at_s = NOON_S + slot * CADENCE_S
        readings = [
            reading(at_s, value, symbol, "")
            for bit, (symbol, value) in enumerate(zip(SYMBOLS, values, strict=True))
            if came >> bit & 1
        ]
        files += [file(0, received_s, *part) for part in (readings[:cut], readings[cut:]) if part]
    return files


def numbered(files: list[FileStored]) -> list[FileStored]:
    return [message._replace(seq=seq) for seq, message in enumerate(files, 1)]


def delayed(files: list[FileStored], seed: int) -> list[FileStored]:
    """Another order of arrival, nobody later than six hours."""
    random = Random(seed)
    return numbered(sorted(files, key=lambda message: message.readings[0].time_s + random.uniform(0, LATEST_S)))


def lived(files: list[FileStored], cut: int | None = None) -> tuple[StationActor, Table]:
    actor, table = StationActor(PROFILE), Table()
    for index, message in enumerate(files):
        if index == cut:
            saved, actor = actor.snapshot(), StationActor(PROFILE)
            actor.restore(saved)
        effects: list[Effect] = list(actor.receive(message))
        actor.seq = message.seq
        table.take(effects)
    return actor, table


def in_one_go(files: list[FileStored]) -> dict[tuple[str, int], tuple[Flag, dict[str, int]]]:
    """The verdicts of the stored series as a whole."""
    stored: dict[str, list[SeriesRecord]] = {}
    for message in files:
        for each in message.readings:
            before = {"syntax": Flag.GOOD, "order": Flag.GOOD}
            stored.setdefault(each.parameter, []).append(SeriesRecord(each.time_s, each.value, before))
    return {
        (symbol, judged.time_s): (judged.flag, judged.tests)
        for symbol, rows in judge_station(PROFILE, stored).items()
        for judged in rows
    }


@settings(deadline=None)
@given(slots, st.integers())
def test_any_order_of_arrival_within_six_hours_gives_the_flags_of_the_whole(day: list[Slot], seed: int) -> None:
    files = files_of(day)
    _, table = lived(delayed(files, seed))
    assert {key: (flag, tests) for key, (_, flag, tests) in table.rows.items()} == in_one_go(files)


@settings(deadline=None)
@given(slots, st.integers(), st.integers(0, 120))
def test_a_restart_anywhere_changes_nothing(day: list[Slot], seed: int, cut: int) -> None:
    files = delayed(files_of(day), seed)
    through, table = lived(files)
    restarted, same = lived(files, cut)
    assert same.rows == table.rows
    assert restarted.snapshot() == through.snapshot()


def test_a_partner_that_comes_in_a_later_file_is_waited_for() -> None:
    _, table = lived(numbered([file(0, NOON_S, reading(NOON_S, 45.0, "WD", ""))]))
    assert table.rows["WD", NOON_S][2]["consistency"] == Flag.NOT_EVALUATED
    both = [file(0, NOON_S, reading(NOON_S, 45.0, "WD", "")), file(0, NOON_S + 60, reading(NOON_S, 0.0, "WS", ""))]
    _, table = lived(numbered(both))
    assert table.rows["WD", NOON_S][1:] == (Flag.SUSPECT, {**table.rows["WD", NOON_S][2], "consistency": Flag.SUSPECT})


def test_a_partner_out_of_its_range_is_no_partner() -> None:
    _, table = lived(numbered([file(0, NOON_S, reading(NOON_S, 45.0, "WD", ""), reading(NOON_S, 90.0, "WS", ""))]))
    assert table.rows["WD", NOON_S][2]["consistency"] == Flag.NOT_EVALUATED


def test_the_direction_may_stand_still_in_a_calm_that_is_told_later() -> None:
    directions = [file(0, NOON_S + at, reading(NOON_S + at, 45.0, "WD", "")) for at in range(0, 3000, CADENCE_S)]
    speeds = [file(0, NOON_S + 3600, reading(NOON_S + at, 0.3, "WS", "")) for at in range(0, 3000, CADENCE_S)]
    assert lived(numbered(directions))[1].rows["WD", NOON_S + 2700][2]["flat_line"] == Flag.FAIL
    actor, table = lived(numbered(directions + speeds))
    assert {tests["flat_line"] for (symbol, _), (*_, tests) in table.rows.items() if symbol == "WD"} == {Flag.GOOD}
    assert all(row[2] & EXCLUDED for row in actor.series["WD"].memory)


def test_a_counter_may_fall_where_its_reset_is_due() -> None:
    evening_s = NOON_S - NOON_S % 86_400 + 12 * 3600  # 19:00 in Vietnam
    falls = {-7200: Flag.SUSPECT, 0: Flag.GOOD}
    for at_s, flag in falls.items():
        now_s = evening_s + at_s
        before, after = reading(now_s - 300, 3.0, "Counter", ""), reading(now_s, 0.2, "Counter", "")
        _, table = lived(numbered([file(0, now_s - 300, before), file(0, now_s, after)]))
        assert table.rows["Counter", now_s][2]["consistency"] == flag


def test_a_station_without_partners_asks_nobody() -> None:
    bare = replace(PROFILE, partners=replace(PROFILE.partners, readers={}))
    effects = StationActor(bare).receive(file(1, NOON_S, reading(NOON_S, 45.0, "WD", "")))
    assert effects
