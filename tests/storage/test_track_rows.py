"""A track by column is the track row by row, however many questions it takes and wherever its past stands."""

from pathlib import Path

import pytest

from protocols.times import DAY_S
from storage import track_rows
from storage.track_rows import TrackRows
from tests.storage.archive_box import T0, ArchiveBox, archive_box

pytestmark = pytest.mark.asyncio
TWO_DAYS = [(vehicle, day * DAY_S + step * 30) for day in (0, 1) for step in range(20) for vehicle in (1, 2, 3)]
Listed = list[tuple[int, int, int, int, bytes]]


def listed(rows: TrackRows) -> Listed:
    numbers = [column.tolist() for column in rows[:4]]
    return list(zip(*numbers, rows.bodies, strict=True))


async def row_by_row(box: ArchiveBox, vehicle: int, since_ms: int) -> Listed:
    track = await box.journal.track(box.heads[vehicle], vehicle_id=vehicle)
    return [
        (row.id, row.prev, row.time_s, row.received_ms, row.body)
        for row in track
        if row.received_ms >= since_ms or row.id == box.heads[vehicle]
    ]


@pytest.mark.parametrize("together", [1, 7, 20, 40, 1000])
async def test_a_track_by_column_is_the_track_row_by_row(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(track_rows, "TOGETHER", together)
    async with archive_box(store_url, tmp_path) as box:
        await box.store(*TWO_DAYS)
        for moved in (0, 60):
            assert await box.move(1 if moved else 0) == moved
            for since_s in (0, T0 + 300, T0 + DAY_S, T0 + DAY_S + 300, T0 + DAY_S + 570, T0 + 2 * DAY_S):
                found = await box.journal.tracks.read(box.heads[2], since_s * 1000, 2)
                assert listed(found) == await row_by_row(box, 2, since_s * 1000), since_s
                assert found.is_whole == (since_s == 0)


async def test_who_sent_nothing_has_no_track(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        found = await box.journal.tracks.read(0, 0, 7)
        assert (listed(found), found.is_whole) == ([], False)
