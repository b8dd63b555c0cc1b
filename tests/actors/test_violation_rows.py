"""What a new judgement changes in stored rows: what is new, what changed, what is withdrawn, and nothing else."""

from pathlib import Path

import pytest

from actors.messages import ViolationFound
from actors.violation_rows import REVISE, WITHDRAW, ViolationRows
from protocols.vocabulary import ViolationKind
from storage.ids import load_ids
from storage.models import ViolationRow
from storage.writer import Unit
from tests.storage.blank import open_blank


def found(start_s: int, end_s: int, driver: str = "D1", **detail: object) -> ViolationFound:
    return ViolationFound(1, ViolationKind.SPEED, start_s, end_s, True, detail, driver)


def stored(number: int, case: ViolationFound) -> ViolationRow:
    vehicle_id, kind, start_s, end_s, closed, detail, driver = case
    return ViolationRow(
        id=number, vehicle_id=vehicle_id, kind=str(kind), start_s=start_s, end_s=end_s, closed=closed,
        detail=detail, driver=driver,
    )  # fmt: skip


@pytest.mark.asyncio
async def test_only_what_differs_is_written(tmp_path: Path) -> None:
    database = await open_blank(tmp_path)
    ids = await load_ids(database)
    await database.close()
    kept, grew, gone = found(10, 50, v_kmh=80.5), found(100, 150), found(200, 250)
    rows = [stored(1, kept), stored(2, grew), stored(3, gone)]
    unit, book, changed = Unit(), ViolationRows(ids), set[tuple[int, int]]()
    book.changed = lambda unit, vehicle_id, start_s: changed.add((vehicle_id, start_s))
    book.revise(unit, rows, [kept, grew._replace(end_s=160), found(300, 350), found(10, 50, "D2")])
    assert (book.revised, changed) == (2, {(1, 10), (1, 100), (1, 200), (1, 300)})
    assert unit.updates == [(REVISE, (1, 160, True, "{}", 2)), (WITHDRAW, (3,))]
    assert [(row[2], row[3], row[7]) for row in unit.rows["violations"]] == [("speed", 300, "D1"), ("speed", 10, "D2")]
