"""The fleet as a start reads it: every vehicle once, by id, with its snapshot where it has one."""

from pathlib import Path

import pytest

from storage import fleet as module
from storage.fleet import fleet
from storage.models import VehicleRow, VehicleStateRow
from tests.storage.blank import open_blank

pytestmark = pytest.mark.asyncio
LOWEST, HIGHEST = -(2**31) + 1, 2**31 - 1


async def test_every_vehicle_is_read_once_in_the_order_of_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOGETHER", 2)
    database = await open_blank(tmp_path)
    try:
        for number in (HIGHEST, 7, -1, LOWEST, 0):
            await VehicleRow.create(id=number, plate=f"29A{number}")
        read = [rows async for rows in fleet(database)]
        assert [row.id for rows in read for row in rows] == [LOWEST, -1, 0, 7, HIGHEST]
        assert max(map(len, read)) == 2
    finally:
        await database.close()


async def test_a_vehicle_comes_with_what_is_registered_and_with_its_snapshot(tmp_path: Path) -> None:
    database = await open_blank(tmp_path)
    try:
        await VehicleRow.create(id=1, plate="29A1", business="bus", seats=40, payload_kg=None, speed_limit_kmh=80.0)
        await VehicleRow.create(id=2, plate="29A2")
        await VehicleStateRow.create(id=1, seq=3, head=4, newest_s=5, seen=b"seen", state=b"state")
        ((bus, other),) = [rows async for rows in fleet(database)]
        assert bus == (1, "29A1", "bus", 40, None, 80.0, 3, 4, 5, b"seen", b"state")
        assert other == (2, "29A2", "", None, None, None, None, None, None, None, None)
    finally:
        await database.close()
