"""The examples of docs/archive.md, run as they stand there over a real archive."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from storage.models import VehicleRow
from tests.storage.archive_box import T0, archive_box
from tests.storage.test_archiving import TWO_DAYS

PAGE = Path(__file__).parents[2] / "docs" / "archive.md"


def example(language: str, number: int, archive: Path) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(blocks[number]).replace("{archive}", str(archive))


@pytest.mark.asyncio
async def test_the_examples_read_what_was_archived(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        async with box.database.writing():
            for number in (1, 2, 3):
                await VehicleRow.create(id=number, plate=f"29A{number:05}")
        await box.store(*TWO_DAYS)
        bodies = [row.body for row in await box.journal.after(0, 120, 200)]
        assert await box.move(2) == 120
    folder = tmp_path / "archive" / "waypoints"

    rows = duckdb.connect().execute(example("sql", 0, folder)).fetchall()
    assert [(plate, str(day), count, kmh) for plate, day, count, kmh in rows] == [
        (f"29A{number:05}", day, 20, 40.5) for number in (1, 2, 3) for day in ("2024-10-04", "2024-10-05")
    ]

    names: dict[str, Any] = {}
    exec(example("python", 0, folder), names)
    track = names["track"]
    assert len(track) == 20 and int(track["time"].iloc[0].timestamp()) == T0 and track["time"].iloc[0].hour == 7

    exec(example("python", 1, folder), names)
    assert names["messages"] == bodies
