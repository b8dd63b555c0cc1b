"""Reads of violations and stretches: by vehicle, by licence, from a time on, since a row."""

from pathlib import Path

import pytest

from storage.models import StretchRow, VehicleRow, ViolationRow
from storage.violations import (
    open_violations,
    plates_of,
    stretch_before,
    stretches_after,
    stretches_of_drivers,
    stretches_of_vehicle,
    violations_of_drivers,
    violations_of_vehicle,
)
from tests.storage.blank import open_blank

pytestmark = pytest.mark.asyncio
STRETCHES = [(1, "D1", 100), (2, "D1", 300), (1, "D2", 500)]
VIOLATIONS = [("speed", 1, True), ("order", 5, True), ("speed", 9, False)]


async def test_each_read_gives_its_rows_and_no_others(tmp_path: Path) -> None:
    database = await open_blank(tmp_path)
    try:
        await VehicleRow.create(id=1, plate="29A00001")
        for number, (vehicle_id, driver, start_s) in enumerate(STRETCHES, 1):
            await StretchRow.create(
                id=number, vehicle_id=vehicle_id, driver=driver, start_s=start_s, end_s=start_s + 50
            )
        for number, (kind, start_s, closed) in enumerate(VIOLATIONS, 1):
            await ViolationRow.create(
                id=number, vehicle_id=1, kind=kind, start_s=start_s, end_s=start_s, closed=closed, driver=f"D{number}"
            )
        assert [row.id for row in await violations_of_vehicle(1, ["speed"], 2)] == [3]
        assert [row.id for row in await violations_of_drivers(["D1", "D2"], ["speed", "order"], 0)] == [1, 2]
        assert [row.id for row in await open_violations(["speed"])] == [3]
        assert [row.id for row in await stretches_of_vehicle(1, 149)] == [1, 3]
        assert [row.id for row in await stretches_of_vehicle(1, 150, 600)] == [3]
        assert [row.id for row in await stretches_of_drivers(["D1"], 100, 299)] == [1]
        assert [row.id for row in await stretches_of_drivers(["D1", "D2"], 101)] == [2, 3]
        assert [row.id for row in await stretches_after(1, 1)] == [2]
        before = await stretch_before(1, 500)
        assert before is not None and before.id == 1
        assert await stretch_before(1, 100) is None
        assert await plates_of([1, 2]) == {1: "29A00001"}
    finally:
        await database.close()
