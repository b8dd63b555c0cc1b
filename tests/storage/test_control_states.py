"""Control states in SQL are those that the rules give to the same flags."""

from itertools import product
from typing import Any

import pytest

from actors.rules.control import FULL, LEAST, mandatory_of, state_of
from actors.rules.flags import ControlState, outer_verdicts
from protocols.flags import NEIGHBOURED, OUTER_TESTS
from protocols.verdict import pack, unpack
from storage.control_states import STATES, changes_statement, state_sql
from storage.models import ControlChangeRow, HourlyRow, ReadingRow
from storage.writer import Unit
from tests.storage.reading_rows import reading_row
from tests.storage.stores import opened

HOUR_S = 1_774_000_800
OWN = ((1, 1, 1, 1), (2, 2, 2, 2), (1, 4, 2, 9), (0, 1, 3, 2))
VERDICTS = [pack(dict(zip(FULL, flags, strict=True))) for flags in OWN]
OUTER = [mark | flag << 4 * OUTER_TESTS["spatial"] for mark, flag in product((0, NEIGHBOURED), (0, 1, 2, 4))]


def test_the_states_have_the_names_of_the_rules() -> None:
    assert (str(ControlState.NONE), str(ControlState.PARTIAL), str(ControlState.FULL)) == STATES


@pytest.mark.asyncio
@pytest.mark.parametrize("tests", [FULL, LEAST, ("syntax", "spatial", "works", "completeness")])
async def test_a_state_in_sql_is_that_of_the_rules(store_url: str, tests: tuple[str, ...]) -> None:
    async with opened(store_url) as (database, writer):
        unit = Unit()
        for number, (verdict, outer, hour) in enumerate(product(VERDICTS, OUTER, (HOUR_S, HOUR_S + 3600)), 1):
            facts: dict[str, Any] = {"id": number, "station_id": 1, "parameter": "T", "time_s": hour - number}
            unit.add("readings", reading_row(**facts, verdict=verdict, outer_flags=outer, file_id=number))
        await writer.store(unit)
        empty: dict[str, Any] = {"unit": "m", "flag": 9, "count": 0, "expected": 6, "made_ms": 0}
        await HourlyRow.create(id=1, station_id=1, parameter="T", hour_s=HOUR_S, version=0, **empty)
        sql = state_sql(tests, with_neighbours=tests == FULL, known={})
        told = await database.connection().execute_query_dict(f"SELECT id, {sql} AS state FROM readings ORDER BY id")
        for row, found in zip(await ReadingRow.all().order_by("id"), told, strict=True):
            flags = {
                **unpack(row.verdict),
                **{test: int(flag) for test, flag in outer_verdicts(row.outer_flags).items()},
            }
            flags |= {"completeness": 9} if row.time_s <= HOUR_S else {}
            assert found["state"] == state_of(flags, mandatory_of(tests, row.outer_flags)), (row.id, flags)


@pytest.mark.asyncio
async def test_only_published_and_active_readings_whose_state_changes_are_written_down(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        unit = Unit()
        for number, order in enumerate((1, 1, 4, 1), 1):
            verdict = pack({"syntax": 1}) | order << 56
            facts: dict[str, Any] = {"id": number, "station_id": 1, "parameter": "T", "time_s": HOUR_S}
            unit.add("readings", reading_row(**facts, verdict=verdict, file_id=number))
        await writer.store(unit)
        was = state_sql(("syntax", "range"), with_neighbours=False, known={})
        all_but_one = {"range": "CASE WHEN id = 1 THEN 0 ELSE 1 END"}
        now = state_sql(("syntax", "range"), with_neighbours=False, known=all_but_one)
        statement = changes_statement("station_id = ?", was, now, first_id=70, published_file=3, at_ms=5, given=(1,))
        await writer.store(Unit(updates=[statement]))
        rows = await ControlChangeRow.all().values_list("id", "file_id", "was", "now", "at_ms")
        assert rows == [(70, 2, STATES[1], STATES[2], 5)]
