"""Hand-overs: both names, both confirmations, what was open."""

from pathlib import Path

import pytest

from actors.review_acts import NotThere, ReviewRefused
from actors.shift_book import ShiftBook
from storage.models import UserRow
from tests.actors.review_room import Room, open_room

pytestmark = pytest.mark.asyncio


async def book_of(room: Room) -> ShiftBook:
    async with room.database.writing():
        for name in ("an", "binh", "chi"):
            await UserRow.create(name=name, role="operator", password_hash="x", created_ms=1)
    return ShiftBook(lambda: room.clock_s[0], room.database, room.ids)


async def test_who_leaves_confirms_by_writing_and_who_comes_confirms_himself(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        book = await book_of(room)
        await room.episode(0, 3, flag=4)
        row = await book.hand_over("an", "an", "binh", "Trạm A mất điện")
        assert (row.outgoing_ms, row.incoming_ms) == (int(room.clock_s[0] * 1000), None)
        assert (row.open_items["open"], row.open_items["failed"]) == (1, 1)
        room.clock_s[0] += 60
        row = await book.confirm(row.id, "binh", "đã nhận")
        assert (row.incoming_ms, row.incoming_notes) == (int(room.clock_s[0] * 1000), "đã nhận")
        with pytest.raises(ReviewRefused, match="already"):
            await book.confirm(row.id, "binh", "")
        with pytest.raises(ReviewRefused, match="only an and binh"):
            await book.confirm(row.id, "chi", "")


async def test_a_shift_begins_where_the_last_one_ended(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        book = await book_of(room)
        first = await book.hand_over("an", "an", "binh", "")
        room.clock_s[0] += 3600
        second = await book.hand_over("chi", "binh", "an", "")
        assert second.from_ms == first.to_ms and second.outgoing_ms is None


@pytest.mark.parametrize(("incoming", "field"), [("an", "incoming"), ("ma", "incoming")])
async def test_nobody_hands_over_to_himself_or_to_nobody(tmp_path: Path, incoming: str, field: str) -> None:
    async with open_room(tmp_path) as room:
        book = await book_of(room)
        with pytest.raises(ReviewRefused) as refused:
            await book.hand_over("an", "an", incoming, "")
        assert refused.value.field == field
        with pytest.raises(NotThere):
            await book.confirm(9, "an", "")
