"""The writes of manual quality control, and the reads they rest on; all of them stand inside `Database.writing()`.

Invariant: journal rows, tickets' questions and corrections are only ever added; an episode moves by compare and set.
"""

from collections.abc import Collection

from tortoise.expressions import Q

from protocols.vocabulary import EpisodeState, ReviewAction
from storage.models import CorrectionRow, EpisodeRow, ReviewJournalRow, StationRow, TicketRow
from storage.review_cases import Case


async def keep_journal(row: ReviewJournalRow) -> None:
    """Add one act."""
    await row.save(force_create=True)


async def keep_ticket(row: TicketRow) -> None:
    """Add one question."""
    await row.save(force_create=True)


async def open_tickets(episode_ids: Collection[int]) -> list[TicketRow]:
    """The questions about these episodes that wait for an answer, the oldest first."""
    return await TicketRow.filter(episode_id__in=list(episode_ids), answered_ms__isnull=True).order_by("id")


async def close_ticket(row: TicketRow, who: str, answer: str, at_ms: int) -> None:
    """Answer a question."""
    await TicketRow.filter(id=row.id).update(answered_by=who, answered_ms=at_ms, answer=answer)


async def move_episode(
    row: EpisodeRow, state: EpisodeState, action: ReviewAction, who: str, now_ms: int, due_ms: int | None
) -> None:
    """Bring an episode to its next version."""
    await EpisodeRow.filter(id=row.id, version=row.version).update(
        state=str(state),
        version=row.version + 1,
        decision=str(action),
        decided_by=who,
        changed_ms=now_ms,
        due_ms=due_ms,
    )


async def overlapping(case: Case) -> list[EpisodeRow]:
    """Episodes of the same series that share an instant with a case; its own among them."""
    lead = case.lead
    return await EpisodeRow.filter(
        station_id=lead.station_id, parameter=lead.parameter, last_s__gte=case.first_s, first_s__lte=case.last_s
    ).order_by("id")


async def decided_times(row: EpisodeRow) -> set[int]:
    """Instants of an episode's span, and those that were filled in for it, whose latest decision stands."""
    journal_ids = await ReviewJournalRow.filter(episode_id=row.id).values_list("id", flat=True)
    within = Q(time_s__gte=row.first_s, time_s__lte=row.last_s) | Q(journal_id__in=list(journal_ids) or [-1])
    found = (
        await CorrectionRow.filter(within, station_id=row.station_id, parameter=row.parameter)
        .order_by("id")
        .values_list("time_s", "action")
    )
    latest = dict(found)
    return {int(time_s) for time_s, action in latest.items() if action != ReviewAction.REOPEN}


async def cadence_of(station_id: int) -> int:
    """How often a station measures."""
    station = await StationRow.get_or_none(id=station_id)
    return 300 if station is None else station.cadence_s


async def recount(row: EpisodeRow, times: Collection[int], flag: int, now_ms: int) -> None:
    """Write what a stale episode really holds; one that holds nothing any more is done by itself."""
    fields: dict[str, object] = {"stale": False, "count": len(times), "changed_ms": now_ms}
    if times:
        fields |= {"first_s": min(times), "last_s": max(times), "flag": flag}
    elif row.state == EpisodeState.OPEN:
        fields |= {"state": str(EpisodeState.DONE), "decision": "cleared", "version": row.version + 1}
    await EpisodeRow.filter(id=row.id).update(**fields)


async def unanswered_tickets(now_ms: int) -> list[TicketRow]:
    """Questions whose clock has run out; `told_ms` says whether somebody was told."""
    return await TicketRow.filter(answered_ms__isnull=True, due_ms__lt=now_ms).order_by("due_ms")


async def mark_told(ticket_id: int, now_ms: int) -> None:
    """Somebody was told that a question is overdue."""
    await TicketRow.filter(id=ticket_id).update(told_ms=now_ms)
