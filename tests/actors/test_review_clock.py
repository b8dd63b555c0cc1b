"""The review clock: counts again, tells what is overdue once."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from actors.review_clock import ReviewClock
from protocols.vocabulary import EpisodeState, ReviewAction
from storage.models import EpisodeRow, TicketRow
from tests.actors.review_room import HOUR, STEP_S, Room, open_room

pytestmark = pytest.mark.asyncio


async def call(work: Callable[[], Awaitable[Any]]) -> Any:
    return await work()


def clock_of(room: Room, told: list[TicketRow]) -> ReviewClock:
    return ReviewClock(lambda: room.clock_s[0], call, room.database, room.book, told.append)


async def test_a_stale_episode_holds_what_is_still_questioned(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        for step, flag in enumerate((3, 1, 4, 3)):
            await room.put(step, 5.0, flag)
        row = await room.episode(0, 9)
        await EpisodeRow.filter(id=row.id).update(stale=True)
        room.book.stale.add(row.id)
        await clock_of(room, []).look()
        row = await EpisodeRow.get(id=row.id)
        assert (row.count, row.flag, row.stale, row.last_s) == (3, 4, False, HOUR + 3 * STEP_S)
        assert room.book.stale == set()


async def test_an_episode_that_questions_nothing_any_more_is_done_by_itself(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        await room.put(0, 5.0, 1)
        row = await room.episode(0, 0)
        await EpisodeRow.filter(id=row.id).update(stale=True)
        room.book.stale.add(row.id)
        await clock_of(room, []).look()
        row = await EpisodeRow.get(id=row.id)
        assert (row.state, row.decision, row.count) == (EpisodeState.DONE, "cleared", 0)


async def test_one_whose_verdict_is_still_on_its_way_stays_on_the_list(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        row = await room.episode(0, 0)
        room.book.stale.add(row.id)
        await clock_of(room, []).look()
        assert room.book.stale == {row.id} and (await EpisodeRow.get(id=row.id)).state == "open"


async def test_an_overdue_question_is_told_once(tmp_path: Path) -> None:
    async with open_room(tmp_path) as room:
        told: list[TicketRow] = []
        await room.put(0, 5.0, 3)
        row = await room.episode(0, 0)
        await room.act(row.id, ReviewAction.REQUEST_VERIFICATION, note="?")
        clock = clock_of(room, told)
        await clock.look()
        assert told == []
        room.clock_s[0] += 7201
        await clock.look()
        await clock_of(room, told).look()
        assert [ticket.episode_id for ticket in told] == [row.id]
        assert clock.statistics() == {"recounted": 0, "overdue": 1}
        await clock.look()
        assert [ticket.episode_id for ticket in clock.late] == [row.id], "it stands until it is answered"
        await room.act(row.id, ReviewAction.ANSWER_VERIFICATION, note="đã thay")
        await clock.look()
        assert clock.late == ()
