"""Counts of a transaction, added up before they are written, are what the store adds up by itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.added_up import added_up
from storage.models import ProviderDayRow
from storage.writer import Unit, Writer
from tests.storage.blank import open_blank
from tests.storage.stores import engine_for

ROWS = [
    (f"1:0:{kind}", 1, 0, kind, count, last_ms, plate, f"{plate} {count}", last_ms)
    for kind, count, last_ms, plate in [
        ("received", 3, 20, ""),
        ("future", 1, 20, "29A1"),
        ("received", 4, 10, ""),
        ("future", 2, 30, "29A2"),
        ("stored", 7, 10, ""),
    ]
]


@pytest.mark.asyncio
async def test_one_transaction_and_several_keep_the_same_counts_and_first_examples(tmp_path: Path) -> None:
    kept = []
    for together in (True, False):
        folder = tmp_path / str(together)
        folder.mkdir()
        database = await open_blank(folder)
        writer = Writer(engine_for(f"sqlite://{folder}/trambox.db"), database.pen)
        await writer.open()
        for row in ROWS:
            writer.add(Unit({"provider_days": [row]}))
            if not together:
                await writer.flush()
        await writer.flush()
        kept.append(await ProviderDayRow.all().order_by("id").values_list())
        assert writer.waiting_rows == 0
        await writer.close()
        await database.close()
    assert kept[0] == kept[1]
    assert len(kept[0]) == 3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.integers(0, 9))))
def test_each_key_has_one_row_with_its_sum_and_its_newest_moment(counts: list[tuple[str, int, int]]) -> None:
    rows = [(key, 1, 0, key, count, ms, str(at), "", ms) for at, (key, count, ms) in enumerate(counts)]
    found = added_up("provider_days", rows)
    assert [row[0] for row in found] == list(dict.fromkeys(key for key, _, _ in counts))
    for row in found:
        same = [other for other in rows if other[0] == row[0]]
        assert row[4:6] == (sum(other[4] for other in same), max(other[5] for other in same))
        assert row[6:] == same[0][6:]
    assert added_up("flips", rows) == rows
