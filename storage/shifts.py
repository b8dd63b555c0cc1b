"""The shifts: who handed over to whom, when, and what was open. Writers stand inside `Database.writing()`.

Invariant: a confirmation, once given, is never changed.
"""

from typing import Any

from storage.models import EpisodeRow, ShiftRow, TicketRow, UserRow
from storage.review import TO_DO


async def shift(shift_id: int) -> ShiftRow | None:
    """One hand-over."""
    return await ShiftRow.get_or_none(id=shift_id)


async def newest_shift() -> ShiftRow | None:
    """The latest hand-over."""
    return await ShiftRow.all().order_by("-id").first()


async def shift_page(limit: int, offset: int) -> tuple[list[ShiftRow], int]:
    """Hand-overs, newest first, and how many there are."""
    return await ShiftRow.all().order_by("-id").limit(limit).offset(offset), await ShiftRow.all().count()


async def open_items() -> dict[str, Any]:
    """What whoever comes must know: open episodes by state and flag, and the questions that wait for an answer."""
    states = {str(state): await EpisodeRow.filter(state=str(state)).count() for state in TO_DO}
    failed = await EpisodeRow.filter(state__in=[str(state) for state in TO_DO], flag=4).count()
    tickets = await TicketRow.filter(answered_ms__isnull=True).order_by("due_ms").limit(50)
    return {
        **states,
        "failed": failed,
        "tickets": [
            {"id": row.id, "episode": row.episode_id, "station_id": row.station_id, "parameter": row.parameter,
             "due_ms": row.due_ms, "question": row.question[:200]}
            for row in tickets
        ],
    }  # fmt: skip


async def is_person(name: str) -> bool:
    """Whether somebody of that name may sign in."""
    return await UserRow.exists(name=name)


async def keep_shift(row: ShiftRow) -> None:
    """Write a new hand-over."""
    await row.save(force_create=True)


async def confirm(shift_id: int, side: str, at_ms: int, notes: str = "") -> bool:
    """Confirm one side, once; False where it stood already."""
    if side == "outgoing":
        changed = await ShiftRow.filter(id=shift_id, outgoing_ms__isnull=True).update(outgoing_ms=at_ms)
    else:
        changed = await ShiftRow.filter(id=shift_id, incoming_ms__isnull=True).update(
            incoming_ms=at_ms, incoming_notes=notes
        )
    return bool(changed)
