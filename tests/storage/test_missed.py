"""What vehicles sent after the snapshots, on both engines: a track comes to know as much as if it had seen it come."""

import pytest

from protocols.times import DAY_S
from storage.missed import Missed
from storage.tracks import Track
from storage.writer import Unit
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio

T0 = 20_000 * DAY_S
POINTS = [(7, 0), (-3, 5), (7, 10), (7, 4000), (-3, 2), (7, 9000)]
"""Vehicle and seconds after T0; the last one lies far ahead of its receipt."""
RECEIVED_S = T0 + 4100


async def test_a_track_remembers_what_came_after_its_snapshot(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        rows = [
            (row, 0, vehicle, T0 + after_s, RECEIVED_S * 1000 + 999, 1, b"")
            for row, (vehicle, after_s) in enumerate(POINTS, 1)
        ]
        await writer.store(Unit(rows={"waypoints": list(rows)}))
        missed = Missed()
        await missed.load(database, 1, len(POINTS))
        assert (len(missed), missed.head(7), missed.head(-3), missed.head(8)) == (5, 6, 5, 0)
        for vehicle in (7, -3):
            told, seen = Track(vehicle, "A"), Track(vehicle, "A")
            told.remember(T0, 1, RECEIVED_S)
            seen.remember(T0, 1, RECEIVED_S)
            missed.tell(told)
            for row, (whose, after_s) in enumerate(POINTS[1:], 2):
                if whose == vehicle:
                    seen.remember(T0 + after_s, row, RECEIVED_S)
            for name in ("head", "newest_s", "seen", "far_s", "gap_s", "gap_end_s", "gap_seen"):
                assert getattr(told, name) == getattr(seen, name), name
        missed.clear()
        assert (len(missed), missed.head(7)) == (0, 0)


async def test_a_snapshot_that_is_newer_than_the_mark_is_told_no_row_twice(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        rows = [(row, row - 1, 7, T0 + row, RECEIVED_S * 1000, 1, b"") for row in range(1, 6)]
        await writer.store(Unit(rows={"waypoints": list(rows)}))
        missed, track = Missed(), Track(7, "A")
        track.restore(3, T0 + 3, b"\x01")
        await missed.load(database, 0, 5)
        missed.tell(track)
        assert (track.head, track.newest_s, track.seen) == (5, T0 + 5, 0b111)


async def test_nothing_missed_is_nothing(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        missed = Missed()
        for after, up_to in ((0, 0), (5, 3)):
            await missed.load(database, after, up_to)
            assert (len(missed), missed.head(1)) == (0, 0)
