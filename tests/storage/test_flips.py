"""The freshness that was last told: of some sources, or since a mark."""

from pathlib import Path

import pytest

from storage.flips import flips_since, last_flips, newest_flip
from storage.models import FlipRow
from tests.storage.blank import open_blank


@pytest.mark.asyncio
async def test_each_source_stands_where_its_last_flip_left_it(tmp_path: Path) -> None:
    database = await open_blank(tmp_path)
    try:
        assert await newest_flip() == 0
        for source, now in (("a", "fresh"), ("b", "late"), ("a", "late"), ("a", "silent"), ("b", "fresh")):
            await FlipRow.create(source=source, was="fresh", now=now, at_s=1.0)
        assert await last_flips(["a", "b", "c"]) == {"a": "silent", "b": "fresh"}
        assert await last_flips(["b"]) == {"b": "fresh"}
        assert await flips_since(0) == {"a": "silent", "b": "fresh"}
        assert await newest_flip() == 5
        assert await flips_since(4) == {"b": "fresh"}
    finally:
        await database.close()
