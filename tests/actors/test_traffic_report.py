"""Forms as they are filled; the numbers of every form are proved through tests/web/test_annexes.py."""

from pathlib import Path

import pytest

from actors.rules.annexes import load_annexes
from actors.traffic_report import fill, total_of, unit_sums
from storage.sqlite_engine import SqliteEngine
from storage.traffic_sums import Asked, TrafficSums
from storage.writer import Writer
from tests.storage.blank import open_blank
from tests.storage.fleet import DAY, register, store_month


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
