"""The reviewer's desk: carries out one act about an episode in one transaction, or refuses it and says why.

The transaction holds the corrections, their dirty hours, the journal row, the ticket and the episode's new state. The
episode's `version` is compared and set: the second of two reviewers is told what the first did.
Invariant: `readings` is only read; every act is exactly one row of the journal.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from actors.kernel.clock import Now
from actors.review_acts import (
    DECIDING,
    Act,
    Actor,
    Done,
    NotThere,
    Overtaken,
    Preview,
    ReviewOptions,
    ReviewRefused,
)
from actors.review_book import EpisodeBook
from actors.review_values import HOLES, Change, changes, targets
from actors.rules.error_types import error_type, mark_of
from protocols.vocabulary import EpisodeState, ErrorType, ReviewAction
from storage.corrections import keep_corrections
from storage.database import Database
from storage.ids import Ids
from storage.models import CorrectionRow, EpisodeRow, ReviewJournalRow, TicketRow
from storage.review import Record, episode, journal_of, questioned, records
from storage.review_cases import Case, case_of
from storage.review_writes import (
    close_ticket,
    decided_times,
    keep_journal,
    keep_ticket,
    move_episode,
    open_tickets,
    overlapping,
)
from storage.shifts import newest_shift

NEEDS = {
    ReviewAction.CONFIRM_ABNORMAL: ("reason", "evidence"),
    ReviewAction.ESCALATE: ("reason",),
    ReviewAction.NOTE: ("note",),
    ReviewAction.ANSWER_VERIFICATION: ("note",),
    ReviewAction.REOPEN: ("reason",),
}
"""What an act must say."""
MOVES = {
    ReviewAction.REQUEST_VERIFICATION: EpisodeState.VERIFYING,
    ReviewAction.ANSWER_VERIFICATION: EpisodeState.OPEN,
    ReviewAction.ESCALATE: EpisodeState.ESCALATED,
    ReviewAction.REOPEN: EpisodeState.OPEN,
}


ASKING = frozenset({ReviewAction.REQUEST_VERIFICATION, ReviewAction.ANSWER_VERIFICATION, ReviewAction.ESCALATE})
"""What moves the episodes of a case and decides of no value."""


class ReviewDesk:
    """Acts.

    Args:
        touched: called when hours must be made again.
        told: called after the commit with the episode's number and what was done.
    """

    def __init__(
        self,
        now: Now,
        database: Database,
        ids: Ids,
        book: EpisodeBook,
        touched: Callable[[], None],
        told: Callable[[int, ReviewAction, str], None],
        options: ReviewOptions,
    ) -> None:
        self._now = now
        self._database = database
        self._ids = ids
        self._book = book
        self._touched = touched
        self._told = told
        self._options = options

    async def act(self, episode_id: int, act: Act, actor: Actor) -> Done | Preview:
        """Carry out one act; raises ReviewRefused."""
        for field in NEEDS.get(act.action, ()):
            if not getattr(act, field).strip():
                told = {"review_action": str(act.action), "review": field}
                raise ReviewRefused("needs", f"{act.action} needs {field}", field, **told)
        if act.max_gap_s is None:
            act = replace(act, max_gap_s=self._options.max_gap_s)
        async with self._database.writing():
            row = await episode(episode_id)
            if row is None:
                raise NotThere("no_episode", f"no episode {episode_id}", "id", id=str(episode_id))
            if row.version != act.version:
                acts = await journal_of(episode_id)
                raise Overtaken(acts[-1] if acts else None)
            case = Case((row,))
            if act.whole_case:
                case = await case_of(row, is_done=act.action is ReviewAction.REOPEN)
            found = await records(row.station_id, row.parameter, case.first_s, case.last_s)
            chosen = await targets(row, case, act, found)
            if preview := _preview(row, act, chosen):
                return preview
            done = await self._carry_out(row, case, act, actor, found, chosen)
        if act.action in DECIDING or act.action is ReviewAction.REOPEN:
            self._book.forget(row.station_id, row.parameter, done.closed)
            self._touched()
        self._told(episode_id, act.action, actor.name)
        return done

    async def _carry_out(
        self, row: EpisodeRow, case: Case, act: Act, actor: Actor, found: Sequence[Record], chosen: Sequence[int]
    ) -> Done:
        now_ms = int(self._now() * 1000)
        made: list[Change] = []
        if act.action in DECIDING or act.action is ReviewAction.REOPEN:
            made = await changes(row, act, found, chosen)
        journal = await self._journal(row, act, actor, found, made or chosen, now_ms)
        if made:
            await keep_corrections(
                self._ids, [_correction(row, act, actor, change, journal.id, now_ms) for change in made], now_ms
            )
        due_ms = await self._ticket(row, case, act, actor, now_ms)
        state = MOVES.get(act.action, EpisodeState(row.state))
        closed: tuple[int, ...] = ()
        if made:
            closed = await self._settle(row, case, act, actor, now_ms)
            if row.id in closed:
                state = EpisodeState.DONE
        await move_episode(row, state, act.action, actor.name, now_ms, due_ms)
        if act.action in ASKING:
            await self._follow(row, case, act, actor, now_ms, due_ms)
        return Done(journal.id, state, row.version + 1, len(made) or len(chosen), closed, due_ms)

    async def _settle(self, row: EpisodeRow, case: Case, act: Act, actor: Actor, now_ms: int) -> tuple[int, ...]:
        """Close every episode of the series whose questioned values are all decided now, this one among them.

        What was taken back opens again the others that had been closed with it.
        """
        closed = []
        for other in await overlapping(case):
            held = await records(other.station_id, other.parameter, other.first_s, other.last_s)
            decided = await decided_times(other)
            is_filled = other.id == row.id and row.test in HOLES and act.action is ReviewAction.INTERPOLATE
            if is_filled or all(record.time_s in decided for record in questioned(held, other.test)):
                closed.append(other.id)
            state = EpisodeState.DONE if other.id in closed else EpisodeState.OPEN
            was_done = other.state == EpisodeState.DONE
            if other.id != row.id and was_done is not (state is EpisodeState.DONE):
                await move_episode(other, state, act.action, actor.name, now_ms, None)
        return tuple(closed)

    async def _follow(
        self, row: EpisodeRow, case: Case, act: Act, actor: Actor, now_ms: int, due_ms: int | None
    ) -> None:
        """What is asked, answered or escalated of a case holds for its other episodes too.

        An answer opens those that waited for it, and leaves what somebody escalated meanwhile to whom it was given.
        """
        is_answer = act.action is ReviewAction.ANSWER_VERIFICATION
        for other in case.episodes:
            state = MOVES[act.action]
            if is_answer and other.state != EpisodeState.VERIFYING:
                state = EpisodeState(other.state)
            if other.id != row.id and (other.state, other.due_ms) != (state, due_ms):
                await move_episode(other, state, act.action, actor.name, now_ms, due_ms)

    async def _ticket(self, row: EpisodeRow, case: Case, act: Act, actor: Actor, now_ms: int) -> int | None:
        """Ask or answer, once for the whole case; gives the deadline that stands afterwards.

        Its episodes may have been asked about one by one before: an answer about the whole of it answers all of these.
        """
        tickets = await open_tickets([each.id for each in case.episodes])
        waiting = tickets[0] if tickets else None
        if act.action is ReviewAction.REQUEST_VERIFICATION:
            if waiting is not None:
                detail = f"{waiting.asked_by} has asked already, the answer is awaited"
                raise ReviewRefused("asked_already", detail, "action", who=waiting.asked_by)
            due_ms = now_ms + self._options.verification_s * 1000
            ticket = TicketRow(
                id=self._ids.take("tickets"), episode_id=row.id, station_id=row.station_id, parameter=row.parameter,
                asked_by=actor.name, asked_ms=now_ms, due_ms=due_ms, question=act.note or act.reason,
            )  # fmt: skip
            await keep_ticket(ticket)
            return due_ms
        if act.action is ReviewAction.ANSWER_VERIFICATION:
            if waiting is None:
                raise NotThere("nobody_waits", "nobody waits for an answer about this episode", "action")
            for ticket in tickets:
                await close_ticket(ticket, actor.name, act.note, now_ms)
            return None
        if waiting is None:
            return None
        stands: int | None = waiting.due_ms if act.action in ASKING else row.due_ms
        return stands

    async def _journal(
        self,
        row: EpisodeRow,
        act: Act,
        actor: Actor,
        found: Sequence[Record],
        touched: Sequence[Change | int],
        now_ms: int,
    ) -> ReviewJournalRow:
        times = [one if isinstance(one, int) else one.time_s for one in touched]
        made = [one for one in touched if not isinstance(one, int)]
        before = [record for record in found if record.time_s in set(times)]
        after = [change.value for change in made if change.value is not None]
        kind = act.error_type or error_type(row.test, before[0].device_status if before else "")
        if act.action is ReviewAction.CONFIRM_ABNORMAL:
            kind = ErrorType.ABNORMAL_BUT_TRUE
        shift = await newest_shift()
        journal = ReviewJournalRow(
            id=self._ids.take("review_journal"),
            episode_id=row.id,
            station_id=row.station_id,
            parameter=row.parameter,
            from_s=min(times, default=row.first_s),
            to_s=max(times, default=row.last_s),
            test=row.test,
            error_type=str(kind),
            count=len(times),
            value_before=said([record.value for record in before]),
            value_after=said(after),
            unit=before[0].unit if before else "",
            action=str(act.action),
            mark=mark_of(made[0].flag, is_corrected=bool(after)) if made else "",
            method=made[0].method if made else act.method,
            who=actor.name,
            role=str(actor.role),
            at_ms=now_ms,
            cause=act.reason,
            evidence=act.evidence,
            result=act.result,
            note=act.note,
            shift_id=shift.id if shift is not None else 0,
        )
        await keep_journal(journal)
        return journal


def _preview(row: EpisodeRow, act: Act, chosen: Sequence[int]) -> Preview | None:
    """Two steps where more than one value changes: the second repeats what the first was told."""
    if act.action not in DECIDING or len(chosen) < 2:
        return None
    token = f"{row.version}.{len(chosen)}.{min(chosen)}.{max(chosen)}"
    return None if act.confirm == token else Preview(token, len(chosen), min(chosen), max(chosen))


def _correction(row: EpisodeRow, act: Act, actor: Actor, change: Change, journal_id: int, now_ms: int) -> CorrectionRow:
    return CorrectionRow(
        station_id=row.station_id, parameter=row.parameter, time_s=change.time_s, reading_id=change.reading_id,
        action=str(act.action), flag=change.flag, value=change.value, unit=change.unit, method=change.method,
        reason=act.reason, evidence=act.evidence, who=actor.name, at_ms=now_ms, journal_id=journal_id,
    )  # fmt: skip


def said(values: Sequence[float | None]) -> str:
    """Values as a journal tells them: one as it is, many as their reach."""
    numbers = [value for value in values if value is not None]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    return f"{low:g}" if low == high else f"{low:g} … {high:g}"
