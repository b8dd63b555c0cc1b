"""The writes of review on both engines."""

import pytest

from actors.review_book import EpisodeBook
from protocols.verdict import pack
from protocols.vocabulary import EpisodeState, ReviewAction
from storage.ids import load_ids
from storage.models import CorrectionRow, EpisodeRow, ReviewJournalRow, TicketRow
from storage.review_cases import Case
from storage.review_writes import decided_times, mark_told, move_episode, overlapping, recount, unanswered_tickets
from storage.writer import Unit
from tests.storage.stores import opened

T0 = 1_763_600_400


async def put(number: int, first_s: int, last_s: int, test: str = "range") -> EpisodeRow:
    return await EpisodeRow.create(
        id=number, station_id=1, parameter="COD", test=test, first_s=first_s, last_s=last_s, count=1, flag=3,
        opened_ms=1, changed_ms=1,
    )  # fmt: skip


@pytest.mark.asyncio
async def test_an_episode_moves_from_the_version_that_was_seen_only(store_url: str) -> None:
    async with opened(store_url) as (database, _), database.writing():
        row = await put(1, T0, T0)
        for who, state in (("an", EpisodeState.DONE), ("binh", EpisodeState.ESCALATED)):
            await move_episode(row, state, ReviewAction.APPROVE, who, 5, None)
        now = await EpisodeRow.get(id=1)
        assert (now.version, now.state, now.decided_by) == (2, "done", "an")


@pytest.mark.asyncio
async def test_the_latest_decision_of_an_instant_stands_and_fills_count_for_their_episode(store_url: str) -> None:
    async with opened(store_url) as (database, _), database.writing():
        row = await put(1, T0, T0 + 100)
        await ReviewJournalRow.create(id=8, episode_id=1, station_id=1, parameter="COD", from_s=T0, to_s=T0,
                                      action="interpolate", who="an", at_ms=1)  # fmt: skip
        acts = ((T0, "approve", 0), (T0 + 1, "reject", 0), (T0 + 1, "reopen", 0), (T0 - 50, "interpolate", 8),
                (T0 - 60, "approve", 0))  # fmt: skip
        for number, (time_s, action, journal_id) in enumerate(acts, 1):
            await CorrectionRow.create(id=number, station_id=1, parameter="COD", time_s=time_s, action=action, who="an",
                                       at_ms=1, journal_id=journal_id)  # fmt: skip
        assert await decided_times(row) == {T0, T0 - 50}


@pytest.mark.asyncio
async def test_episodes_that_share_an_instant_overlap(store_url: str) -> None:
    async with opened(store_url) as (database, _), database.writing():
        row = await put(1, T0, T0 + 100)
        await put(2, T0 + 100, T0 + 200, "spike")
        await put(3, T0 + 101, T0 + 200, "step")
        assert [one.id for one in await overlapping(Case((row,)))] == [1, 2]


@pytest.mark.asyncio
async def test_a_question_is_overdue_until_it_is_answered_and_knows_who_was_told(store_url: str) -> None:
    async with opened(store_url) as (database, _), database.writing():
        for number, due_ms in ((1, 10), (2, 20)):
            await TicketRow.create(id=number, episode_id=1, station_id=1, parameter="COD", asked_by="an", asked_ms=1,
                                   due_ms=due_ms)  # fmt: skip
        assert [(row.id, row.told_ms) for row in await unanswered_tickets(15)] == [(1, None)]
        await mark_told(1, 15)
        assert [(row.id, row.told_ms) for row in await unanswered_tickets(15)] == [(1, 15)]
        await TicketRow.filter(id=1).update(answered_ms=16)
        assert await unanswered_tickets(15) == []


@pytest.mark.asyncio
async def test_an_empty_episode_that_a_person_holds_is_left_to_him(store_url: str) -> None:
    async with opened(store_url) as (database, _), database.writing():
        row = await put(1, T0, T0)
        row.state = "escalated"
        await row.save()
        await recount(row, [], 3, 9)
        now = await EpisodeRow.get(id=1)
        assert (now.state, now.count, now.stale) == ("escalated", 0, False)


@pytest.mark.asyncio
async def test_the_book_of_episodes_speaks_the_language_of_both_engines(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        book = EpisodeBook(lambda: T0, await load_ids(database))
        for verdicts in (((0, 3), (300, 4)), ((600, 3),), ((300, 1),)):
            unit = Unit()
            for at, flag in verdicts:
                tell = book.revised if flag == 1 else book.judged
                tell(1, "COD", T0 + at, flag, pack({"range": flag}))
            book.flush(unit)
            await writer.store(unit)
        (row,) = await EpisodeRow.all()
        assert (row.first_s, row.last_s, row.count, row.flag, row.stale) == (T0, T0 + 600, 3, 4, True)
        await EpisodeRow.filter(id=row.id).update(state="done")
        unit = Unit()
        book.judged(1, "COD", T0 + 900, 3, pack({"range": 3}))
        book.flush(unit)
        await writer.store(unit)
        row = await EpisodeRow.get(id=row.id)
        assert (row.state, row.count, row.stale) == ("open", 4, True), "decided while a value was on its way"
