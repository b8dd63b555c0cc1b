"""Running totals follow what was committed."""

from pathlib import Path

import pytest

from actors.counters import Counters
from storage.writer import Unit
from tests.actors.yard import open_yard, reopened


def test_totals_move_with_the_units_that_were_stored() -> None:
    counters = Counters()
    counters.stored([Unit(counters={"files.received": 2}), Unit(counters={"files.received": 1, "files.stored": -1})])
    assert counters.snapshot() == {"files.received": 3, "files.stored": -1}
    assert counters.get("never") == 0


def test_a_snapshot_does_not_move_any_more() -> None:
    counters = Counters()
    taken = counters.snapshot()
    counters.stored([Unit(counters={"files.received": 2})])
    assert taken == {}


@pytest.mark.asyncio
async def test_totals_in_memory_are_those_in_the_store_after_a_restart(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_A", 1_774_000_800, 5.0)
        await yard.upload("TB_A", 1_774_000_800, 5.0)
        totals = {name: value for name, value in yard.counters.snapshot().items() if name.startswith("files.")}
        assert totals == {"files.received": 2, "files.stored": 1, "files.duplicate": 1}
    async with reopened(tmp_path) as after:
        assert {name: after.counters.get(name) for name in totals} == totals
