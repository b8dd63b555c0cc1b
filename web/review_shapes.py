"""The JSON shapes of manual quality control."""

from collections.abc import Collection, Mapping
from typing import Any

from actors.review_acts import Done, Preview
from actors.rules.error_types import error_type
from protocols.times import iso, iso_ms
from storage.layers import Effective
from storage.models import EpisodeRow, ReviewJournalRow, ShiftRow, StationRow, TicketRow
from storage.review import Record
from storage.review_cases import Case
from storage.review_journal import JournalLine


def maybe_iso_ms(at_ms: int | None) -> str | None:
    """ISO 8601, or None for None."""
    return None if at_ms is None else iso_ms(at_ms)


def episode_shape(row: EpisodeRow, station: StationRow | None, now_ms: float, *, is_urgent: bool) -> dict[str, Any]:
    """One line of the queue."""
    return {
        **member_shape(row),
        "station": "" if station is None else station.code,
        "station_name": "" if station is None else station.name,
        "parameter": row.parameter,
        "opened": iso_ms(row.opened_ms),
        "changed": iso_ms(row.changed_ms),
        "decision": row.decision,
        "decided_by": row.decided_by,
        "due": maybe_iso_ms(row.due_ms),
        "overdue": row.due_ms is not None and row.due_ms < now_ms,
        "urgent": is_urgent,
    }


def member_shape(row: EpisodeRow) -> dict[str, Any]:
    """An episode as a part of its case, and of its own line."""
    return {
        "id": str(row.id),
        "test": row.test,
        "error_type": str(error_type(row.test)),
        "flag": row.flag,
        "from": iso(row.first_s),
        "to": iso(row.last_s),
        "count": row.count,
        "state": row.state,
        "version": row.version,
    }


def case_shape(case: Case, station: StationRow | None, now_ms: float, *, is_urgent: bool) -> dict[str, Any]:
    """One line of the queue by cases: its lead with the span and state of all, and the episodes."""
    dues = [row.due_ms for row in case.episodes if row.due_ms is not None]
    due_ms = min(dues, default=None)
    return {
        **episode_shape(case.lead, station, now_ms, is_urgent=is_urgent),
        "from": iso(case.first_s),
        "to": iso(case.last_s),
        "count": max(row.count for row in case.episodes),
        "state": str(case.state),
        "due": maybe_iso_ms(due_ms),
        "overdue": due_ms is not None and due_ms < now_ms,
        "episodes": [member_shape(row) for row in case.episodes],
    }


def record_shape(record: Record, tests: Collection[str], effective: Effective | None) -> dict[str, Any]:
    """A stored value beside what products make of it; `questioned` says that the episode's test flagged it."""
    return {
        "id": str(record.id),
        "time": iso(record.time_s),
        "value": record.value,
        "raw": record.raw,
        "unit": record.unit,
        "device_status": record.device_status,
        "flag": record.flag,
        "tests": record.tests,
        "file": str(record.file_id),
        "line": record.line,
        "questioned": any(record.tests.get(test) in (3, 4) for test in tests),
        "effective": None if effective is None else effective_shape(effective),
        "is_active": effective is not None and effective.reading_id == record.id,
    }


def effective_shape(one: Effective) -> dict[str, Any]:
    """A value as products take it."""
    return {
        "time": iso(one.time_s),
        "value": one.value,
        "flag": int(one.flag),
        "unit": one.unit,
        "corrected": one.is_corrected,
        "decided": one.decided,
    }


def journal_shape(row: ReviewJournalRow, station: StationRow | None = None) -> dict[str, Any]:
    """One act."""
    return {
        "id": str(row.id),
        "episode": str(row.episode_id),
        "station": "" if station is None else station.code,
        "parameter": row.parameter,
        "from": iso(row.from_s),
        "to": iso(row.to_s),
        "test": row.test,
        "error_type": row.error_type,
        "count": row.count,
        "value_before": row.value_before,
        "value_after": row.value_after,
        "unit": row.unit,
        "action": row.action,
        "mark": row.mark,
        "method": row.method,
        "who": row.who,
        "role": row.role,
        "at": iso_ms(row.at_ms),
        "cause": row.cause,
        "evidence": row.evidence,
        "result": row.result,
        "note": row.note,
        "shift": str(row.shift_id) if row.shift_id else None,
    }


def line_shape(line: JournalLine) -> dict[str, Any]:
    """One act with what has become of it."""
    return {**journal_shape(line.row, line.station), "state": line.state, "answer": line.answer}


def ticket_shape(row: TicketRow, now_ms: float) -> dict[str, Any]:
    """One question to a station."""
    return {
        "id": str(row.id),
        "asked_by": row.asked_by,
        "asked": iso_ms(row.asked_ms),
        "due": iso_ms(row.due_ms),
        "overdue": row.answered_ms is None and row.due_ms < now_ms,
        "question": row.question,
        "answered_by": row.answered_by,
        "answered": maybe_iso_ms(row.answered_ms),
        "answer": row.answer,
    }


def done_shape(done: Done | Preview) -> dict[str, Any]:
    """What an act did, or would do."""
    if isinstance(done, Preview):
        return {"confirm": done.confirm, "count": done.count, "from": iso(done.from_s), "to": iso(done.to_s)}
    return {
        "journal": str(done.journal_id),
        "state": str(done.state),
        "version": done.version,
        "count": done.count,
        "closed": [str(number) for number in done.closed],
        "due": maybe_iso_ms(done.due_ms),
    }


def shift_shape(row: ShiftRow) -> dict[str, Any]:
    """One hand-over."""
    return {
        "id": str(row.id),
        "outgoing": row.outgoing,
        "incoming": row.incoming,
        "from": iso_ms(row.from_ms),
        "to": iso_ms(row.to_ms),
        "notes": row.notes,
        "incoming_notes": row.incoming_notes,
        "open_items": open_items_shape(row.open_items),
        "outgoing_confirmed": maybe_iso_ms(row.outgoing_ms),
        "incoming_confirmed": maybe_iso_ms(row.incoming_ms),
    }


def open_items_shape(items: Mapping[str, Any]) -> dict[str, Any]:
    """What was open at a hand-over."""
    tickets = [{**ticket, "due": iso_ms(ticket["due_ms"])} for ticket in items.get("tickets", [])]
    return {**items, "tickets": tickets}
