"""Hand-overs as they are kept, on both engines."""

import pytest

from storage.models import EpisodeRow, ShiftRow, TicketRow, UserRow
from storage.shifts import confirm, is_person, keep_shift, newest_shift, open_items, shift, shift_page
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_a_side_is_confirmed_once_and_the_newest_comes_first(store_url: str) -> None:
    async with opened(store_url) as (database, _), database.writing():
        assert await newest_shift() is None
        for number in (1, 2):
            await keep_shift(ShiftRow(id=number, outgoing="an", incoming="binh", from_ms=1, to_ms=number, notes="ổ"))
        assert await confirm(2, "incoming", 5, "đã nhận") and not await confirm(2, "incoming", 6, "nữa")
        assert await confirm(2, "outgoing", 7)
        row = await shift(2)
        assert row is not None
        assert (row.incoming_ms, row.incoming_notes, row.outgoing_ms, row.notes) == (5, "đã nhận", 7, "ổ")
        rows, count = await shift_page(1, 0)
        assert ([row.id for row in rows], count) == ([2], 2)


@pytest.mark.asyncio
async def test_what_is_open_is_counted_and_unanswered_questions_are_named(store_url: str) -> None:
    async with opened(store_url) as (database, _), database.writing():
        await UserRow.create(name="an", role="operator", password_hash="x", created_ms=1)
        assert await is_person("an") and not await is_person("ma")
        for number, (state, flag) in enumerate((("open", 3), ("verifying", 4), ("done", 4)), 1):
            await EpisodeRow.create(id=number, station_id=1, parameter="COD", test="range", first_s=1, last_s=1,
                                    count=1, flag=flag, state=state, opened_ms=1, changed_ms=1)  # fmt: skip
        await TicketRow.create(id=1, episode_id=2, station_id=1, parameter="COD", asked_by="an", asked_ms=1, due_ms=2)
        items = await open_items()
        assert (items["open"], items["verifying"], items["escalated"], items["failed"]) == (1, 1, 0, 1)
        assert [ticket["episode"] for ticket in items["tickets"]] == [2]
