"""The order in which touched tracks are judged anew: who drives now, then the shortest doubt; nobody waits for ever."""

from itertools import islice

import pytest

from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.touched_tracks import QUIET_S, TURNS, TouchedTracks
from actors.vehicle import VehicleActor
from protocols.vocabulary import ActorState
from protocols.waypoint import Waypoint
from tests.actors.station_kit import NOON_S

BOOK = LimitBook(load_limits())
NOW_S = NOON_S + 0.0


def vehicle(number: int, *, doubt_s: int, seen_s: float, kmh: float = 50.0) -> VehicleActor:
    actor = VehicleActor(number, f"29A{number:05}", 80.0, BOOK)
    actor.state = ActorState.RUNNING
    actor.wake()
    actor.last_seen_ms, actor.last_time_s = int((NOW_S - seen_s) * 1000), NOON_S
    actor.last = Waypoint(actor.plate, "", kmh, NOON_S, 105.8, 21.0, None, None, None, None)
    actor.touched_s = NOON_S - doubt_s
    return actor


def waiting(*actors: VehicleActor) -> TouchedTracks:
    by_id = {actor.vehicle_id: actor for actor in actors}
    tracks = TouchedTracks(by_id.__getitem__)
    for number, actor in enumerate(actors):
        tracks.touch([actor.vehicle_id], NOW_S - 100 + number)
    return tracks


def test_who_drives_comes_before_who_stands_and_who_is_silent_and_the_shortest_doubt_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tracks = waiting(
        vehicle(1, doubt_s=9000, seen_s=5),
        vehicle(2, doubt_s=60, seen_s=5000),
        vehicle(3, doubt_s=100, seen_s=5, kmh=0.0),
        vehicle(4, doubt_s=200, seen_s=5),
        vehicle(5, doubt_s=7000, seen_s=5000),
    )
    monkeypatch.setattr("actors.touched_tracks.TURNS", 100)  # the turn of those who waited longest comes later
    assert list(tracks.in_turn(NOW_S)) == [4, 1, 3, 2, 5]


@pytest.mark.parametrize("taken_a_look", [1, 2, 7])
def test_nobody_waits_for_ever_however_many_come_before(taken_a_look: int) -> None:
    silent = vehicle(1, doubt_s=80_000, seen_s=80_000)
    driving = [vehicle(number, doubt_s=10, seen_s=5) for number in range(2, 40)]
    tracks = waiting(silent, *driving)
    judged: list[int] = []
    while 1 not in judged:
        for vehicle_id in list(islice(tracks.in_turn(NOW_S), taken_a_look)):
            judged.append(vehicle_id)
            tracks.settle(vehicle_id)
            tracks.touch([vehicle_id] if vehicle_id > 1 else [], NOW_S)
    assert judged.index(1) < TURNS


def test_a_track_is_let_be_while_late_messages_come_and_until_its_time() -> None:
    actor = vehicle(1, doubt_s=10, seen_s=QUIET_S / 2)
    tracks = waiting(actor)
    assert list(tracks.in_turn(NOW_S)) == []
    actor.last_seen_ms = int(NOW_S * 1000)  # on time: no reason to wait
    assert list(tracks.in_turn(NOW_S + QUIET_S / 2)) == [1]
    actor.backlog += 1
    assert list(tracks.in_turn(NOW_S + QUIET_S / 2)) == []
    tracks.put_off(1, NOW_S, 600.0)
    assert (list(tracks.in_turn(NOW_S + 599)), list(tracks.in_turn(NOW_S + 601)), len(tracks)) == ([], [1], 1)
