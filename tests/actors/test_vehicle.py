"""One vehicle: freshness by exact deadlines, order, last position, speed violations; the same after a snapshot."""

from collections.abc import Iterator, Sequence
from itertools import count
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.kernel.actor import NEVER_S
from actors.kernel.sealed import seal
from actors.messages import DeadlinePassed, DroveStretch, Effect, Flipped, ViolationFound, WaypointStored
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.vehicle import PARKED_CADENCE_S, RESEND_S, SILENCE_GRACE_S, VehicleActor
from protocols.vocabulary import Freshness, ViolationKind
from protocols.waypoint import Waypoint
from tests.actors.rules.tracks import Vector, name_of, vectors

T0 = 1_780_000_000
LIMITS = LimitBook(load_limits())
SPOILT = ("s18_arrival_shuffled", "s26_two_vehicles")
"""Out of order (a later issue), or several vehicles."""


def vehicle(limit_kmh: float | None = 80.0) -> VehicleActor:
    return VehicleActor(1, "29A12345", limit_kmh, LIMITS)


def stored(time_s: int, speed_kmh: float = 40.0, *, received_s: float | None = None, seq: int = 1) -> WaypointStored:
    received_ms = int((time_s + 1 if received_s is None else received_s) * 1000)
    return WaypointStored(
        seq, received_ms, Waypoint("29A12345", "D1", speed_kmh, time_s, 105.8, 20.9, None, None, None, None)
    )


def drive(speeds: Sequence[float], start_s: int = T0) -> Iterator[WaypointStored]:
    for number, speed_kmh in enumerate(speeds):
        yield stored(start_s + 10 * number, speed_kmh, seq=number + 1)


def effects_of(actor: VehicleActor, messages: Iterator[WaypointStored]) -> list[Effect]:
    return [effect for message in messages for effect in actor.receive(message)]


def flips(effects: Sequence[Effect]) -> list[tuple[Freshness, Freshness, float]]:
    return [(effect.was, effect.now, effect.at_s) for effect in effects if isinstance(effect, Flipped)]


def test_the_first_waypoint_makes_a_vehicle_fresh_and_the_second_says_nothing() -> None:
    actor = vehicle()
    assert flips(actor.receive(stored(T0))) == [(Freshness.NEVER_SEEN, Freshness.FRESH, T0 + 1)]
    assert list(actor.receive(stored(T0 + 10))) == [DroveStretch(1, "D1", T0, T0 + 10)]
    assert list(actor.receive(stored(T0 + 20))) == []
    assert (actor.received, actor.last_time_s, actor.freshness) == (3, T0 + 20, Freshness.FRESH)


def test_silence_is_told_at_its_true_time_however_late_the_clock_looks() -> None:
    actor = vehicle()
    actor.receive(stored(T0, received_s=T0))
    assert actor.deadline_s == T0 + PARKED_CADENCE_S
    late = actor.receive(DeadlinePassed(0, T0 + PARKED_CADENCE_S, T0 + PARKED_CADENCE_S + 7))
    assert flips(late) == [(Freshness.FRESH, Freshness.LATE, T0 + PARKED_CADENCE_S)]
    silent_s = T0 + PARKED_CADENCE_S + SILENCE_GRACE_S
    assert actor.deadline_s == silent_s
    silent = actor.receive(DeadlinePassed(0, silent_s, silent_s + 9))
    assert flips(silent) == [(Freshness.LATE, Freshness.SILENT, silent_s)]
    assert actor.deadline_s == NEVER_S
    again = actor.receive(stored(T0 + 4000))
    assert flips(again) == [(Freshness.SILENT, Freshness.FRESH, T0 + 4001)]


def test_a_deadline_that_is_overtaken_by_a_waypoint_tells_nothing() -> None:
    actor = vehicle()
    actor.receive(stored(T0, received_s=T0))
    actor.receive(stored(T0 + 800, received_s=T0 + 800))
    assert list(actor.receive(DeadlinePassed(0, T0 + 900, T0 + 901))) == []
    assert actor.deadline_s == T0 + 800 + PARKED_CADENCE_S


def test_an_older_waypoint_is_a_disorder_or_a_resend_and_moves_nothing() -> None:
    actor = vehicle()
    actor.receive(stored(T0 + 100))
    actor.receive(stored(T0 + 90, received_s=T0 + 101))
    actor.receive(stored(T0 + 50, received_s=T0 + 50 + RESEND_S + 1))
    assert (actor.out_of_order, actor.backlog, actor.last_time_s) == (1, 1, T0 + 100)
    assert actor.last is not None
    assert actor.last.time_s == T0 + 100


def test_a_clock_seven_hours_ahead_is_counted_and_spoils_nothing_that_follows() -> None:
    actor = vehicle()
    actor.receive(stored(T0))
    actor.receive(stored(T0 + 25_200, received_s=T0 + 10, seq=2))
    assert (actor.ahead, actor.last_time_s) == (1, T0)
    actor.receive(stored(T0 + 20, seq=3))
    assert (actor.last_time_s, actor.out_of_order) == (T0 + 20, 0)


def test_a_vehicle_without_a_limit_is_judged_by_no_speed() -> None:
    found = effects_of(vehicle(None), drive([70.0, *[180.0] * 10, 70.0]))
    assert not [effect for effect in found if isinstance(effect, ViolationFound)]


def is_plain(vector: Vector) -> bool:
    """Whether a golden drive is of one vehicle, in order, with one limit, every field there."""
    whole = all(m["speed"] is not None for m in vector["messages"])
    return whole and len({m["limit"] for m in vector["messages"]}) == 1 and vector["id"] not in SPOILT


@pytest.mark.parametrize("vector", [v for v in vectors("speed") if is_plain(v)], ids=name_of)
def test_the_golden_drives_of_one_vehicle_with_its_registered_limit(vector: Vector) -> None:
    """Source: TT 09/2015/TT-BGTVT Phụ lục 2. Cases that are still open at the end are told when they end."""
    choices = {"qcvn_31_2014"} if vector["params"] else set[str]()
    actor = VehicleActor(1, "29A12345", vector["messages"][0]["limit"], LimitBook(load_limits(), choices))
    found: list[Effect] = []
    for number, m in enumerate(vector["messages"], 1):
        point = Waypoint(m["plate"], m["licence"] or "", m["speed"], m["t"], m["lon"], m["lat"], None, None, None, None)
        found += actor.receive(WaypointStored(number, m["arrival"] * 1000, point))
    told = [one for one in found if isinstance(one, ViolationFound) and one.kind is ViolationKind.SPEED]
    expected = [case for case in vector["expected"]["speed"] if case["closed"]]
    assert [(t.start_s, t.end_s, t.detail["band"], t.closed) for t in told] == [
        (case["start"], case["end"], case["band"], True) for case in expected
    ]
    assert [t.detail["v_kmh"] for t in told] == pytest.approx([case["v"] for case in expected], abs=0.6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-30, 60), st.floats(0, 130)), min_size=1, max_size=60), st.integers(0, 60))
def test_a_vehicle_goes_on_from_its_snapshot_as_if_nothing_had_been(steps: list[tuple[int, float]], at: int) -> None:
    seqs, time_s, messages = count(1), T0, []
    for step_s, speed_kmh in steps:
        time_s = max(T0, time_s + step_s)
        messages.append(stored(time_s, speed_kmh, received_s=time_s + 2, seq=next(seqs)))
    whole, broken = vehicle(), vehicle()
    for number, message in enumerate(messages):
        if number == at:
            rebuilt = vehicle()
            rebuilt.restore(broken.snapshot())
            broken = rebuilt
        assert list(whole.receive(message)) == list(broken.receive(message))
    assert whole.snapshot() == broken.snapshot()
    assert whole.deadline_s == broken.deadline_s


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-30, 60), st.floats(0, 130)), min_size=1, max_size=30), st.integers(0, 30))
def test_a_vehicle_that_sleeps_wakes_as_the_one_that_was_put_to_bed(steps: list[tuple[int, float]], at: int) -> None:
    time_s, whole, asleep = T0, vehicle(), vehicle()
    for number, (step_s, speed_kmh) in enumerate(steps):
        if number == at:
            kept = asleep.snapshot()
            before, asleep = asleep, vehicle()
            assert asleep.sleep(before.seq, seal(kept))
            asleep.told = before.freshness
            assert (asleep.packed, asleep.snapshot()) == (kept, kept)
            assert (asleep.deadline_s, asleep.touched_s) == (before.deadline_s, before.touched_s)
        time_s = max(T0, time_s + step_s)
        message = stored(time_s, speed_kmh, received_s=time_s + 2, seq=number + 1)
        assert list(whole.receive(message)) == list(asleep.receive(message))
    assert whole.snapshot() == asleep.snapshot()


def test_a_vehicle_takes_up_what_was_told_last_whether_it_sleeps_or_not() -> None:
    awake, asleep = vehicle(), vehicle()
    awake.receive(stored(T0))
    assert asleep.sleep(1, seal(awake.snapshot()))
    for actor in (awake, asleep):
        actor.told = Freshness.SILENT
        actor.catch_up()
        assert actor.freshness is Freshness.SILENT


def test_a_snapshot_that_is_damaged_or_of_another_shape_is_not_slept_on() -> None:
    actor = vehicle()
    actor.receive(stored(T0))
    sealed = seal(actor.snapshot())
    assert not vehicle().sleep(1, sealed[:-1])
    assert not vehicle().sleep(1, seal(b'["fresh"]'))
    assert vehicle().sleep(1, sealed)


def test_without_a_snapshot_a_vehicle_begins_anew() -> None:
    actor = vehicle()
    actor.receive(stored(T0))
    actor.restore(None)
    assert actor.snapshot() == vehicle().snapshot()
    assert (actor.limit_kmh, actor.plate) == (80.0, "29A12345")


def test_numbers_that_the_last_message_lacked_are_lacking_after_a_snapshot_too() -> None:
    actor, again = vehicle(), vehicle()
    lacking = Waypoint("29A12345", "D1", nan, T0, nan, nan, None, None, None, None)
    actor.receive(WaypointStored(1, T0 * 1000, lacking))
    again.restore(actor.snapshot())
    told = again.receive(stored(T0 + 10))
    assert told == actor.receive(stored(T0 + 10)) and len(told) == 1
    assert isinstance(told[0], ViolationFound) and told[0].detail["fields"] == ["speed", "position"]


def test_what_stands_in_the_journal_is_judged_as_the_message_that_would_be_made_of_it() -> None:
    told, shown = vehicle(), vehicle()
    for message in drive([70.0, *[120.0] * 8, 70.0]):
        assert told.message_of(message.seq, message.received_ms, message.waypoint) == message
        item = message.seq, message.received_ms, message.waypoint
        assert list(told.receive_item(*item)) == list(shown.receive(message))
    assert told.snapshot() == shown.snapshot()
