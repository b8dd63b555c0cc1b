"""Forms as they are filled; the numbers of every form are proved through tests/web/test_annexes.py."""

from pathlib import Path

import pytest

from actors.rules.annexes import load_annexes
from actors.traffic_report import fill, total_of, unit_sums
from storage.sqlite_engine import SqliteEngine
from storage.traffic_sums import Asked, TrafficSums
from storage.writer import Unit, Writer
from tests.storage.blank import open_blank
from tests.storage.fleet import DAY, counted, register, store_month


@pytest.mark.asyncio
async def test_lines_stand_by_name_with_the_nameless_last_and_the_total_is_of_all(tmp_path: Path) -> None:
    database = await open_blank(tmp_path)
    writer = Writer(SqliteEngine(tmp_path / "trambox.db"), database.pen)
    await writer.open()
    try:
        await register(database, writer)
        await store_month(writer)
        sums, asked = TrafficSums(database), Asked(DAY, DAY + 30)
        lines = await unit_sums(sums, "company", asked, ["way_m"])
        by_type = await unit_sums(sums, "business", asked, [])
        page = await fill(sums, load_annexes()[4], asked, 2, 1)
        days = await fill(sums, load_annexes()[21], asked, 10, 0)
    finally:
        await writer.close()
        await database.close()
    assert [tuple(whose.values()) for whose, _ in lines] == [
        ("Hà Nội", "Sông Hồng"), ("Hà Nội", "Tây Hồ"), ("Hưng Yên", "Phố Hiến"), ("", ""),
    ]  # fmt: skip
    assert sum(unit.way_m for _, unit in lines) == total_of(lines).way_m == 610_000.0
    assert [whose["business"] for whose, _ in by_type] == ["Hợp đồng", "Tuyến cố định", ""]
    assert [line.whose["company"] for line in page.lines] == ["Tây Hồ", "Phố Hiến"]
    assert (page.count, page.total["vehicles"], days.total) == (4, 5, {"vehicles": 5, "silent_total": 3661})


@pytest.mark.asyncio
async def test_the_pages_of_a_form_by_days_are_the_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page is added up from the units on it, asked of some at a time."""
    database = await open_blank(tmp_path)
    writer = Writer(SqliteEngine(tmp_path / "trambox.db"), database.pen)
    await writer.open()
    try:
        await register(database, writer)
        unit = Unit()
        for number, days in ((1, (0, 3)), (3, (3, 5)), (4, (1,)), (-1, (0, 2, 4))):
            for day in days:
                counted(unit, number, DAY + day, rare=1)
        await writer.store(unit)
        sums, asked = TrafficSums(database), Asked(DAY, DAY + 30)
        whole = await fill(sums, load_annexes()[20], asked, 100, 0)
        monkeypatch.setattr("storage.traffic_faults.DAYS_TOGETHER", 40)
        for size in (1, 2, 3, 8):
            pages = [await fill(sums, load_annexes()[20], asked, size, at) for at in range(0, 10, size)]
            assert [line for page in pages for line in page.lines] == whole.lines
            assert {(page.count, page.total["vehicles"]) for page in pages} == {(8, 5)}
    finally:
        await writer.close()
        await database.close()
    assert [(line.whose["company"], line.whose["day"][-1]) for line in whole.lines] == [
        ("Sông Hồng", "1"), ("Sông Hồng", "4"), ("Tây Hồ", "4"), ("Tây Hồ", "6"), ("Phố Hiến", "2"), ("", "1"),
        ("", "3"), ("", "5"),
    ]  # fmt: skip
