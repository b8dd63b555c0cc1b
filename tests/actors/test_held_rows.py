"""What a peer refused waits by vehicle, in the order of its time, and nobody waits for ever behind another."""

from actors.held_rows import HeldRows
from actors.waypoint_feed import Batch
from storage.waypoint_rows import StoredWaypoint


def row(number: int, vehicle: int, time_s: int) -> StoredWaypoint:
    return StoredWaypoint(number, 0, vehicle, time_s, 1000, 1, b"%d" % number)


def test_rows_of_a_vehicle_are_tried_by_their_time_and_counted_with_their_batch() -> None:
    held, first, second = HeldRows(), Batch(), Batch()
    held.hold(second, [row(5, 1, 30)])
    held.hold(first, [row(2, 1, 20), row(3, 2, 20)])
    assert held.behind([row(6, 1, 40), row(7, 3, 40), row(8, 2, 40)]) == [0, 2]
    some = held.next(10)
    assert [one.id for one, _ in some] == [2, 5, 3] and (held.count, first.held, second.held) == (3, 2, 1)
    assert [one.id for one, _ in held.tried(some, {0})] == [5, 3]
    assert (held.count, first.held, second.held) == (1, 1, 0)
    assert held.behind([row(6, 1, 40), row(8, 2, 40)]) == [0]


def test_whoever_is_refused_again_goes_behind_the_others() -> None:
    held, batch = HeldRows(), Batch()
    held.hold(batch, [row(1, 1, 10), row(2, 1, 11), row(3, 2, 10)])
    some = held.next(2)
    assert [one.id for one, _ in some] == [1, 2]
    held.tried(some, {0, 1})
    assert [one.id for one, _ in held.next(2)] == [3, 1]
