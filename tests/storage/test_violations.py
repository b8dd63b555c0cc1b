"""Reads of violations and stretches: by vehicle, by licence, from a time on, since a row."""

from pathlib import Path

import pytest

from actors.messages import ViolationFound
from actors.violation_rows import ViolationRows, found_of
from protocols.vocabulary import ViolationKind
from storage.ids import load_ids
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
from storage.writer import Unit
from tests.storage.blank import open_blank
from tests.storage.stores import opened

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


async def test_a_case_told_twice_is_one_row_and_a_stretch_that_grows_has_a_new_number(store_url: str) -> None:
    """A restart between a row and its mark tells it again."""
    async with opened(store_url) as (_, writer):
        for number, end_s in ((1, 50), (2, 60)):
            case = (number, 1, "speed", 10, end_s, end_s == 60, '{"v_kmh": 91.5}', "D1")
            await writer.store(Unit(rows={"violations": [case], "stretches": [(number, 1, "D1", 10, end_s)]}))
        (row,), (stretch,) = await ViolationRow.all(), await StretchRow.all()
        assert (row.id, row.end_s, row.closed) == (1, 60, True)
        assert (stretch.id, stretch.end_s) == (2, 60)


async def test_what_a_new_judgement_changes_is_written_to_both_stores(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        rows = ViolationRows(await load_ids(database))
        old = ViolationFound(1, ViolationKind.SPEED, 10, 50, True, {"v_kmh": 80.5}, "D1")
        unit = Unit()
        rows.revise(unit, [], [old, old._replace(start_s=100, end_s=150)])
        await writer.store(unit)
        unit = Unit()
        new = old._replace(end_s=40, closed=False, detail={"v_kmh": 81.5, "a": "ổ"})
        rows.revise(unit, await violations_of_vehicle(1, ["speed"], 0), [new])
        await writer.store(unit)
        (row,) = await ViolationRow.all()
        assert found_of(row) == new
        unit = Unit()
        rows.revise(unit, [row], [new])
        assert not unit.rows and not unit.updates
