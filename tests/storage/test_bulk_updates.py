"""Many updates in few statements, on both engines."""

import pytest

from protocols.verdict import ARRIVAL_SHIFT
from storage.bulk_updates import JUDGED, REVISE, gathered
from storage.models import ActorRow, ReadingRow
from storage.writer import Unit
from tests.storage.stores import opened

IN_ORDER, CONFLICT = 1 << ARRIVAL_SHIFT, 4 << ARRIVAL_SHIFT


def row(number: int, verdict: int = IN_ORDER) -> tuple[object, ...]:
    at = number % 300
    return (number, 2, f"P{at % 7}", at, 1.5, "1.5", "u", "00", 1, verdict, 1, 1, 0, 0, "", 0)


def revise(at: int, flag: int, verdict: int) -> tuple[str, tuple[object, ...]]:
    return REVISE, (flag, verdict, 2, at, f"P{at % 7}")


@pytest.mark.asyncio
async def test_every_active_record_is_revised_and_no_other(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        active, conflicting = [row(at) for at in range(300)], row(305, CONFLICT)
        revisions = [revise(at, 3, IN_ORDER | 1) for at in range(1, 250)] + [revise(7, 4, IN_ORDER | 2)]
        await writer.store(Unit(rows={"readings": [*active, conflicting]}, updates=revisions))
        found = {each.id: (each.flag, each.verdict) for each in await ReadingRow.all()}
    assert found[0] == found[250] == (1, IN_ORDER)
    assert found[7] == (4, IN_ORDER | 2)
    assert {found[at] for at in range(1, 250) if at != 7} == {(3, IN_ORDER | 1)}
    assert found[305] == (1, CONFLICT)


@pytest.mark.asyncio
async def test_the_last_mark_of_an_actor_stands(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        marks = [(JUDGED, (f"station:{at % 30}", at)) for at in range(90)]
        await writer.store(Unit(updates=marks))
        await writer.store(Unit(updates=[(JUDGED, ("station:1", 500))]))
        found = {each.id: each.judged for each in await ActorRow.all()}
    assert (found["station:0"], found["station:1"], len(found)) == (60, 500, 30)


def test_a_thousand_revisions_are_a_handful_of_statements_and_others_stay_as_they_are() -> None:
    other = ("UPDATE gaps SET missing = ?", (1,))
    statements = list(gathered([*(revise(at, 1, at) for at in range(1000)), other, other]))
    assert [parameters for sql, parameters in statements if sql == other[0]] == [(1,), (1,)]
    assert len(statements) == 2 + 5
