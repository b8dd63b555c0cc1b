"""What was handed on, cut into batches: in order, none twice, each counted at the instant of its receipt."""

from hypothesis import given
from hypothesis import strategies as st

from actors.waypoint_feed import Batch, Feed
from storage.waypoint_rows import StoredWaypoint, WaypointRows


def handed(first: int, count: int, received_ms: int) -> WaypointRows:
    return WaypointRows.of((n, n - 1, 1, n, received_ms, 1, b"%d" % n) for n in range(first, first + count))


def filled(sizes: list[int]) -> Feed:
    feed, first = Feed(), 1
    for number, size in enumerate(sizes):
        feed.add(handed(first, size, 1000 + number))
        first += size
    return feed


@given(st.lists(st.integers(1, 30), max_size=20), st.integers(1, 40))
def test_all_that_was_handed_on_is_taken_once_in_order(sizes: list[int], most: int) -> None:
    feed, taken = filled(sizes), list[int]()
    while (batch := feed.take(0, most)).rows:
        assert len(batch.rows) <= most
        assert sum(receipt.many for receipt in batch.rows.receipts) == len(batch.rows)
        taken += [row.id for row in batch.rows]
    assert taken == list(range(1, sum(sizes) + 1))
    assert (feed.count, feed.first_id) == (0, None)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20), st.integers(0, 300))
def test_what_was_read_from_the_journal_meanwhile_is_left_out(sizes: list[int], after_id: int) -> None:
    batch = filled(sizes).take(after_id, 1000)
    assert [row.id for row in batch.rows] == list(range(after_id + 1, sum(sizes) + 1))
    assert sum(receipt.many for receipt in batch.rows.receipts) == len(batch.rows)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 50)), min_size=1, max_size=30), st.integers(1, 1000))
def test_rows_of_one_vehicle_leave_by_their_time(sent: list[tuple[int, int]], first: int) -> None:
    rows, heads = list[StoredWaypoint](), dict[int, int]()
    for number, (vehicle, time_s) in enumerate(sent, first):
        rows.append(StoredWaypoint(number, heads.get(vehicle, first - 1), vehicle, time_s, 0, 1, b""))
        heads[vehicle] = number
    out = Batch(WaypointRows.of(rows)).in_order()
    assert sorted(out) == rows
    for vehicle in heads:
        times_s = [row.time_s for row in out if row.vehicle_id == vehicle]
        assert times_s == sorted(times_s)


def test_what_is_forgotten_waits_in_the_journal_alone() -> None:
    feed = filled([3, 4])
    assert (feed.count, feed.first_id) == (7, 1)
    feed.clear()
    assert (feed.count, feed.first_id) == (0, None)
