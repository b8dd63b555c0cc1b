"""Columns of waypoints: as a sequence, and in every store, they are the rows that were put in."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sqlite_engine import ROWS_PER_STATEMENT
from storage.waypoint_rows import Receipt, StoredWaypoint, WaypointRows
from storage.waypoints import WaypointJournal
from storage.writer import Unit, merge
from tests.storage.stores import opened

PARTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.lists(st.integers(), min_size=1, max_size=5)), max_size=6
)
"""What was received together: instant, provider, and a number for each row."""


def rows_of(parts: list[tuple[int, int, list[int]]]) -> list[StoredWaypoint]:
    return [
        StoredWaypoint(number, number - 1, number % 7, number * 10, received_ms, provider_id, b"%d" % number)
        for received_ms, provider_id, numbers in parts
        for number in numbers
    ]


def columns_of(parts: list[tuple[int, int, list[int]]]) -> WaypointRows:
    """The same rows, each part as the intake makes it."""
    merged = WaypointRows.of()
    for received_ms, provider_id, numbers in parts:
        ids, prevs, vehicles, times_s, _, _, bodies = map(list, zip(*rows_of([(0, 0, numbers)]), strict=True))
        receipts = [Receipt(received_ms, provider_id, len(numbers))]
        merged.extend(WaypointRows(ids, prevs, vehicles, times_s, bodies, receipts))
    return merged


@settings(deadline=None)
@given(PARTS, st.slices(20))
def test_they_are_the_rows_in_the_order_in_which_they_were_added(
    parts: list[tuple[int, int, list[int]]], some: slice
) -> None:
    rows, columns = rows_of(parts), columns_of(parts)
    assert (list(columns), len(columns)) == (rows, len(rows))
    assert list(columns[some]) == rows[some]
    assert [columns[at] for at in range(-len(rows), len(rows))] == rows * 2
    assert list(zip(*columns.columns(), strict=True)) == rows
    backwards = range(len(rows) - 1, -1, -1)
    assert list(columns.picked(backwards)) == rows[::-1]
    assert list(WaypointRows.of(rows)) == rows
    with pytest.raises(IndexError):
        columns[len(rows)]


@settings(deadline=None)
@given(PARTS, PARTS)
def test_merging_leaves_what_each_unit_had_as_it_was(
    first: list[tuple[int, int, list[int]]], then: list[tuple[int, int, list[int]]]
) -> None:
    units = [Unit({"waypoints": columns_of(first)}), Unit({"waypoints": columns_of(then)})]
    assert list(merge(units).rows["waypoints"]) == rows_of(first) + rows_of(then)
    assert [list(unit.rows["waypoints"]) for unit in units] == [rows_of(first), rows_of(then)]


@pytest.mark.asyncio
@pytest.mark.parametrize("make", [WaypointRows.of, list])
async def test_a_store_takes_rows_and_columns_alike(
    store_url: str, make: Callable[[list[StoredWaypoint]], Any]
) -> None:
    count = sum(ROWS_PER_STATEMENT) + 3
    rows = rows_of([(5, 1, list(range(1, 5))), (6, 2, list(range(5, count)))])
    async with opened(store_url) as (database, writer):
        await writer.store(Unit({"waypoints": make(rows)}))
        assert await WaypointJournal(database).after(0, count, count) == rows
