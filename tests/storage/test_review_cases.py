"""Cases of the queue: what shares an instant is one line, on both engines."""

from typing import Any

import pytest

from storage.models import EpisodeRow, StationRow
from storage.review import Asked
from storage.review_cases import Case, case_count, case_of, cases
from tests.storage.stores import opened

T0 = 1_763_600_400
NOW_MS = (T0 + 7200) * 1000


async def put(number: int, test: str, first: int, last: int, **changes: Any) -> EpisodeRow:
    fields: dict[str, Any] = {
        "id": number, "station_id": 1, "parameter": "COD", "test": test, "first_s": T0 + first, "last_s": T0 + last,
        "count": last - first + 1, "flag": 3, "opened_ms": 1, "changed_ms": 1,
    }  # fmt: skip
    return await EpisodeRow.create(**{**fields, **changes})


def numbers(found: list[Case]) -> list[list[int]]:
    return [[row.id for row in case.episodes] for case in found]


async def some() -> None:
    """One stretch with three tests, the third reached over the second; another one later; and another parameter."""
    await StationRow.create(id=1, code="TB_A", kind="air")
    await put(1, "range", 0, 3)
    await put(2, "step", 3, 5, flag=4)
    await put(3, "spike", 5, 5)
    await put(4, "range", 6, 9)
    await put(5, "range", 0, 9, parameter="pH")
    await put(6, "gap", 2, 2, state="done")


@pytest.mark.asyncio
async def test_what_shares_an_instant_is_one_line_with_the_worst_in_front(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await some()
        found, count = await cases(Asked(), NOW_MS, (), 50, 0)
        assert (numbers(found), count) == ([[2, 1, 3], [5], [4]], 3)
        assert (found[0].first_s, found[0].last_s) == (T0, T0 + 5)
        assert found[0].tests == {"range", "step", "spike"}
        page, count = await cases(Asked(), NOW_MS, (), 1, 1)
        assert (numbers(page), count) == ([[5]], 3)
        assert await cases(Asked(), NOW_MS, (), 1, 9) == ([], 3)


@pytest.mark.asyncio
async def test_a_case_is_found_by_any_of_its_tests_and_flags_and_shown_whole(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await some()
        for asked in (Asked(test="spike"), Asked(flag=4), Asked(station="TB_A", flag=4, test="range")):
            found, count = await cases(asked, NOW_MS, (), 50, 0)
            assert (numbers(found), count) == ([[2, 1, 3]], 1), asked
        assert await case_count(Asked(test="spike' OR '1'='1")) == 0
        assert await case_count(Asked(parameter="p'H")) == 0
        assert await case_count(Asked(state="done")) == 1


@pytest.mark.asyncio
async def test_overdue_then_urgent_then_failed_comes_first(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await some()
            await put(7, "range", 20, 20, station_id=9)
            await put(8, "range", 30, 30, state="verifying", due_ms=NOW_MS - 1)
        found, _ = await cases(Asked(), NOW_MS, (9,), 50, 0)
        assert numbers(found) == [[8], [7], [2, 1, 3], [5], [4]]
        assert found[0].state == "verifying"


@pytest.mark.asyncio
async def test_the_case_of_an_episode_reaches_over_its_neighbours(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await some()
        spike = await EpisodeRow.get(id=3)
        assert numbers([await case_of(spike)]) == [[2, 1, 3]]
        assert numbers([await case_of(spike, is_done=True)]) == [[3]]
        assert numbers([await case_of(await EpisodeRow.get(id=4))]) == [[4]]
