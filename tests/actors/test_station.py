"""A station's actor: any order of arrival and any restart end in the same flags; freshness flips at its true time."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.kernel.actor import NEVER_S
from actors.kernel.sealed import seal, unseal
from actors.messages import Effect, FileStored, Flipped, GapChanged, HourTouched, ReadingJudged, ReadingRevised
from actors.series_memory import BLOCK
from actors.station import StationActor
from protocols.times import hour_end
from protocols.vocabulary import Flag, Freshness, GapState
from tests.actors.station_kit import CADENCE_S, GRACE_S, NOON_S, Table, file, look, reading, station

WINDOW_S = 3600
"""So late may a value be and still be judged with its neighbours: the flat line's and the step's reach."""

values = st.one_of(st.none(), st.integers(0, 12).map(lambda half: half * 0.5), st.sampled_from([40.0, 70.0, 200.0]))


@st.composite
def days(draw: st.DrawFn) -> list[FileStored]:
    """Files of one reading per parameter, some missing; in order of observation, all received after the last one."""
    slots = draw(st.lists(st.tuples(st.booleans() | st.just(True), values, values), min_size=1, max_size=40))
    received_s = NOON_S + len(slots) * CADENCE_S
    return [
        file(0, received_s, reading(NOON_S + at * CADENCE_S, cod), reading(NOON_S + at * CADENCE_S, ph, "pH"))
        for at, (came, cod, ph) in enumerate(slots)
        if came
    ]


def numbered(files: list[FileStored]) -> list[FileStored]:
    return [message._replace(seq=seq) for seq, message in enumerate(files, 1)]


def delayed(files: list[FileStored], seed: int) -> list[FileStored]:
    """Another order of arrival, nobody later than the window."""
    random = Random(seed)
    return numbered(sorted(files, key=lambda message: message.readings[0].time_s + random.uniform(0, WINDOW_S)))


def receive(actor: StationActor, message: FileStored) -> list[Effect]:
    effects = list(actor.receive(message))
    actor.seq = message.seq
    return effects


def lived(files: list[FileStored], cut: int | None = None) -> tuple[StationActor, Table, list[list[Effect]]]:
    """Live through files, with a restart before the one at `cut`."""
    actor, table, told = station(("COD", "pH")), Table(), []
    for index, message in enumerate(files):
        if index == cut:
            saved, actor = actor.snapshot(), station(("COD", "pH"))
            actor.restore(saved)
        told.append(receive(actor, message))
        table.take(told[-1])
    return actor, table, told


@settings(deadline=None)
@given(days(), st.integers())
def test_any_order_of_arrival_within_the_window_ends_in_the_same_flags(files: list[FileStored], seed: int) -> None:
    _, in_order, _ = lived(numbered(files))
    _, shuffled, _ = lived(delayed(files, seed))
    assert shuffled.rows == in_order.rows


@settings(deadline=None)
@given(days(), st.integers())
def test_any_order_of_arrival_leaves_the_same_holes(files: list[FileStored], seed: int) -> None:
    ordered, shuffled = lived(numbered(files))[0], lived(delayed(files, seed))[0]
    assert {symbol: series.gaps.holes() for symbol, series in shuffled.series.items()} == {
        symbol: series.gaps.holes() for symbol, series in ordered.series.items()
    }


@settings(deadline=None)
@given(days(), st.integers(), st.integers(0, 40))
def test_a_restart_anywhere_changes_nothing(files: list[FileStored], seed: int, cut: int) -> None:
    files = delayed(files, seed)
    through, table, told = lived(files)
    restarted, same_table, same_told = lived(files, cut)
    assert same_told == told
    assert same_table.rows == table.rows
    assert restarted.snapshot() == through.snapshot()


@settings(deadline=None)
@given(days(), st.integers())
def test_every_hour_whose_readings_changed_is_made_again(files: list[FileStored], seed: int) -> None:
    flags: dict[tuple[str, int], Flag] = {}
    for effects in lived(delayed(files, seed))[2]:
        changed = set()
        for effect in effects:
            if isinstance(effect, ReadingJudged | ReadingRevised):
                key = effect.parameter, effect.time_s
                if flags.get(key) != effect.flag:
                    changed.add(hour_end(effect.time_s))
                flags[key] = effect.flag
        assert {e.hour_s for e in effects if isinstance(e, HourTouched)} == changed


@settings(deadline=None)
@given(days(), st.integers(), st.data())
def test_a_file_that_comes_twice_adds_no_reading(files: list[FileStored], seed: int, data: st.DataObject) -> None:
    files = delayed(files, seed)
    actor, table, _ = lived(files)
    if not files:
        return
    again = data.draw(st.sampled_from(files))
    effects = receive(actor, again._replace(seq=len(files) + 1))
    assert not [effect for effect in effects if isinstance(effect, ReadingJudged | HourTouched)]
    was = dict(table.rows)
    table.take(effects)
    assert table.rows == was


def test_two_values_for_one_instant_are_both_suspect_and_the_first_stays_active() -> None:
    actor, table = station(), Table()
    table.take(receive(actor, file(1, NOON_S, reading(NOON_S, 5.0))))
    effects = receive(actor, file(2, NOON_S + 1, reading(NOON_S, 6.0)))
    table.take(effects)
    judged = [effect for effect in effects if isinstance(effect, ReadingJudged)]
    assert [(effect.value, effect.flag) for effect in judged] == [(6.0, Flag.SUSPECT)]
    assert table.rows["COD", NOON_S][:2] == (5.0, Flag.SUSPECT)


def test_a_conflict_stays_suspect_when_a_late_value_has_its_neighbours_judged_again() -> None:
    actor, table = station(), Table()
    for seq, (at_s, value) in enumerate([(0, 5.0), (600, 5.0), (600, 6.0), (900, 5.0), (300, 5.0)], 1):
        table.take(receive(actor, file(seq, NOON_S + 900, reading(NOON_S + at_s, value))))
    assert table.rows["COD", NOON_S + 600][1] is Flag.SUSPECT


def test_a_conflict_of_the_newest_value_stays_suspect_when_its_successor_comes() -> None:
    actor, table = station(), Table()
    for seq, (at_s, value) in enumerate([(0, 5.0), (300, 5.0), (300, 6.0), (600, 5.0)], 1):
        table.take(receive(actor, file(seq, NOON_S + 900, reading(NOON_S + at_s, value))))
    assert table.rows["COD", NOON_S + 300][1] is Flag.SUSPECT


def test_the_same_value_twice_is_one_reading() -> None:
    actor = station()
    receive(actor, file(1, NOON_S, reading(NOON_S, 5.0)))
    effects = receive(actor, file(2, NOON_S + 1, reading(NOON_S, 5.0)))
    assert [effect for effect in effects if isinstance(effect, ReadingJudged)] == []


def test_a_value_from_the_future_fails_and_touches_no_hour() -> None:
    actor = station()
    effects = receive(actor, file(1, NOON_S, reading(NOON_S + 25_200, 5.0)))
    assert [effect.flag for effect in effects if isinstance(effect, ReadingJudged)] == [Flag.FAIL]
    assert not [effect for effect in effects if isinstance(effect, HourTouched)]
    assert actor.last_time_s == 0


def test_late_data_touch_the_hour_they_belong_to_and_that_of_the_neighbour_whose_flags_they_change() -> None:
    actor = station()
    receive(actor, file(1, NOON_S, reading(NOON_S, 5.0)))
    receive(actor, file(2, NOON_S + 7200, reading(NOON_S + 7200, 5.0)))
    effects = receive(actor, file(3, NOON_S + 20_000, reading(NOON_S + 3600, 5.0)))
    assert [effect.hour_s for effect in effects if isinstance(effect, HourTouched)] == [NOON_S + 3600, NOON_S + 7200]


def test_an_alias_is_read_as_its_parameter_and_the_value_goes_out_as_it_came() -> None:
    effects = receive(station(), file(1, NOON_S, reading(NOON_S, 16.25, "COD_out")._replace(raw="16,25")))
    (judged,) = [effect for effect in effects if isinstance(effect, ReadingJudged)]
    assert (judged.parameter, judged.value, judged.raw, judged.unit) == ("COD", 16.25, "16,25", "mg/L")


def test_a_value_in_another_unit_is_no_good_value() -> None:
    effects = receive(station(), file(1, NOON_S, reading(NOON_S, 16.25, unit="µg/m3")))
    (judged,) = [effect for effect in effects if isinstance(effect, ReadingJudged)]
    assert judged.flag is not Flag.GOOD


def test_a_parameter_nobody_registered_is_kept_and_never_good() -> None:
    effects = receive(station(), file(1, NOON_S, reading(NOON_S, 1.0, "Xyz", "t")))
    (judged,) = [effect for effect in effects if isinstance(effect, ReadingJudged)]
    assert (judged.value, judged.unit) == (1.0, "t")
    assert judged.flag is not Flag.GOOD


# --------------------------------------------------------------------------------------------- freshness and gaps


def flips(effects: list[Effect]) -> list[tuple[Freshness, Freshness, float]]:
    return [(effect.was, effect.now, effect.at_s) for effect in effects if isinstance(effect, Flipped)]


def test_a_station_is_late_after_its_cadence_and_silent_after_its_grace_to_the_second() -> None:
    actor = station()
    assert flips(receive(actor, file(1, NOON_S, reading(NOON_S, 5.0)))) == [
        (Freshness.NEVER_SEEN, Freshness.FRESH, NOON_S)
    ]
    late_s = actor.deadline_s
    assert late_s == NOON_S + CADENCE_S
    assert flips(list(actor.receive(look(late_s)))) == [(Freshness.FRESH, Freshness.LATE, late_s)]
    silent_s = actor.deadline_s
    assert silent_s == NOON_S + CADENCE_S + GRACE_S
    assert flips(list(actor.receive(look(silent_s)))) == [(Freshness.LATE, Freshness.SILENT, silent_s)]


def test_a_deadline_that_is_looked_at_an_hour_late_tells_the_true_time() -> None:
    actor = station()
    receive(actor, file(1, NOON_S, reading(NOON_S, 5.0)))
    told = flips(list(actor.receive(look(NOON_S + 3600.0))))
    assert told == [(Freshness.FRESH, Freshness.SILENT, NOON_S + CADENCE_S + GRACE_S)]


def test_a_file_of_the_past_is_a_backfill_and_no_fresh_data() -> None:
    actor = station()
    told = flips(receive(actor, file(1, NOON_S, reading(NOON_S - 86_400, 5.0))))
    assert told == [(Freshness.NEVER_SEEN, Freshness.BACKFILLING, NOON_S)]


def test_a_silent_stations_gap_is_open_from_one_and_a_half_cadences_and_counts_on() -> None:
    actor = station()
    receive(actor, file(1, NOON_S, reading(NOON_S, 5.0)))
    told: list[tuple[float, GapChanged]] = []
    while (deadline_s := actor.deadline_s) < NOON_S + 1800:
        actor.deadline_s = NEVER_S
        told += [(deadline_s - NOON_S, e) for e in actor.receive(look(deadline_s)) if isinstance(e, GapChanged)]
    assert [(at_s, gap.missing, gap.state) for at_s, gap in told] == [
        (451, 1, GapState.OPEN),
        (600, 2, GapState.OPEN),
        (900, 3, GapState.OPEN),
        (1200, 4, GapState.OPEN),
        (1500, 5, GapState.OPEN),
    ]
    assert {gap.from_s for _, gap in told} == {NOON_S}


def test_a_gap_keeps_its_row_from_open_over_closed_to_backfilled() -> None:
    actor = station()
    receive(actor, file(1, NOON_S, reading(NOON_S, 5.0)))
    rows = [e for e in actor.receive(look(NOON_S + 700.0)) if isinstance(e, GapChanged)]
    for seq, at_s in enumerate((900, 300, 600), 2):
        effects = receive(actor, file(seq, NOON_S + 900, reading(NOON_S + at_s, 5.0)))
        rows += [effect for effect in effects if isinstance(effect, GapChanged)]
    assert [(row.from_s - NOON_S, row.missing, row.state) for row in rows] == [
        (0, 2, GapState.OPEN),
        (0, 2, GapState.CLOSED),
        (0, 1, GapState.CLOSED),
        (0, 0, GapState.BACKFILLED),
    ]


def test_a_station_stands_where_it_was_told_to_stand_once_it_has_caught_up() -> None:
    actor = station()
    receive(actor, file(1, NOON_S, reading(NOON_S, 5.0)))
    saved = actor.snapshot()
    actor.told = Freshness.SILENT
    actor.restore(saved)
    actor.catch_up()
    assert actor.freshness is Freshness.SILENT
    assert flips(list(actor.receive(look(NOON_S + 7200.0)))) == []


def test_a_station_without_a_snapshot_begins_anew() -> None:
    actor = station()
    receive(actor, file(1, NOON_S, reading(NOON_S, 5.0)))
    actor.restore(None)
    assert actor.snapshot() == station().snapshot()


@pytest.fixture(scope="module")
def kept() -> bytes:
    """A day of a station with closed blocks."""
    actor = station()
    for at in range(2 * BLOCK + 5):
        receive(actor, file(at + 1, NOON_S + 300.0 * at, reading(NOON_S + 300 * at, 5.0 + at % 7)))
    return seal(actor.snapshot())


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_snapshot_that_a_disk_damaged_is_none(kept: bytes, data: st.DataObject) -> None:
    """Whatever byte it is, a block's as well: the station begins anew, and no file meets the damage."""
    damaged = bytearray(kept)
    for at in data.draw(st.lists(st.integers(0, len(kept) - 1), min_size=1, max_size=3, unique=True)):
        damaged[at] ^= data.draw(st.integers(1, 255))
    actor = station()
    assert not actor.resume(100, bytes(damaged))
    assert (actor.seq, actor.snapshot()) == (0, station().snapshot())


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_snapshot_of_any_other_shape_is_restored_or_none(kept: bytes, data: st.DataObject) -> None:
    """As another version might have written it: the seal is whole, what is under it is not as this one writes it."""
    state = bytearray(unseal(kept))
    size = int.from_bytes(state[:4], "little")
    for at in data.draw(st.lists(st.integers(0, size + 3), min_size=1, max_size=3, unique=True)):
        state[at] ^= data.draw(st.integers(1, 255))
    actor = station()
    if not actor.resume(100, seal(bytes(state))):
        assert (actor.seq, actor.snapshot()) == (0, station().snapshot())
