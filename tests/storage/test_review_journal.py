"""The journal as it is read: pages, slices, sums; on both engines."""

import pytest

from storage.models import EpisodeRow, ReviewJournalRow, StationRow, TicketRow
from storage.review_journal import JournalAsked, episodes_within, journal_page, journal_slices, sums
from tests.storage.stores import opened

ALL = JournalAsked(0, 10**12)


async def put(number: int, station_id: int = 1, action: str = "reject", count: int = 2, who: str = "an") -> None:
    await ReviewJournalRow.create(
        id=number, episode_id=1, station_id=station_id, parameter="COD", from_s=1, to_s=2, action=action, who=who,
        at_ms=number * 1000, error_type="device", count=count,
    )  # fmt: skip


@pytest.mark.asyncio
async def test_a_line_tells_what_has_become_of_it(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await StationRow.create(id=1, code="TB_A", kind="air")
            await EpisodeRow.create(id=1, station_id=1, parameter="COD", test="range", first_s=1, last_s=2, count=1,
                                    flag=3, state="done", opened_ms=1, changed_ms=1)  # fmt: skip
            await TicketRow.create(id=1, episode_id=1, station_id=1, parameter="COD", asked_by="an", asked_ms=1,
                                   due_ms=2, answered_by="binh", answered_ms=3, answer="bẩn")  # fmt: skip
            await put(1)
            await put(2, station_id=2)
        lines, count = await journal_page(ALL, 1, 1)
        assert (count, lines[0].row.id, lines[0].state, lines[0].answered_by, lines[0].answer) == (
            2, 1, "done", "binh", "bẩn",
        )  # fmt: skip
        assert lines[0].station is not None and lines[0].station.code == "TB_A"
        assert await episodes_within(0, 10) == {"done": 1}


@pytest.mark.asyncio
async def test_slices_hold_every_act_once_oldest_first(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await ReviewJournalRow.bulk_create(
                ReviewJournalRow(id=number, episode_id=1, station_id=1, parameter="COD", from_s=1, to_s=2, who="an",
                                 action="note", at_ms=5)
                for number in range(1, 1202)
            )  # fmt: skip
        found = [line.row.id async for lines in journal_slices(ALL) for line in lines]
        assert found == list(range(1, 1202))


@pytest.mark.asyncio
async def test_filters_and_sums(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await StationRow.create(id=1, code="TB_A", kind="air")
            for number, (station_id, action) in enumerate(((1, "reject"), (1, "reject"), (2, "approve")), 1):
                await put(number, station_id, action)
        assert await sums(ALL, "station") == [
            {"key": "TB_A", "acts": 2, "values": 4}, {"key": "2", "acts": 1, "values": 2},
        ]  # fmt: skip
        assert [one["key"] for one in await sums(ALL, "action")] == ["reject", "approve"]
        assert await sums(JournalAsked(0, 999), "error_type") == []
        lines, _ = await journal_page(JournalAsked(1000, 2000, action="reject", who="an", station_id=1), 9, 0)
        assert [line.row.id for line in lines] == [2, 1]
