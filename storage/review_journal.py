"""The journal of manual quality control as it is read: a period row by row, and its sums.

Invariant: reads only; rows are written by `actors/review_desk.py` in the transaction of what they tell.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from tortoise.functions import Count, Sum
from tortoise.queryset import QuerySet

from storage.models import EpisodeRow, ReviewJournalRow, StationRow, TicketRow

SLICE = 500
GROUPS = {"station": "station_id", "parameter": "parameter", "error_type": "error_type", "action": "action"}


@dataclass(frozen=True, slots=True)
class JournalAsked:
    """A period by the time of the act, both ends inclusive, and filters."""

    from_ms: int
    to_ms: int
    station_id: int | None = None
    parameter: str = ""
    action: str = ""
    error_type: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One act with what has become of it since."""

    row: ReviewJournalRow
    station: StationRow | None
    state: str
    answer: str
    answered_by: str


def _filtered(asked: JournalAsked) -> "QuerySet[ReviewJournalRow]":
    rows = ReviewJournalRow.filter(at_ms__gte=asked.from_ms, at_ms__lte=asked.to_ms)
    if asked.station_id is not None:
        rows = rows.filter(station_id=asked.station_id)
    for name in ("parameter", "action", "error_type", "who"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted})
    return rows


async def journal_page(asked: JournalAsked, limit: int, offset: int) -> tuple[list[JournalLine], int]:
    """A page, newest first, and how many there are."""
    rows = _filtered(asked)
    page = await rows.order_by("-id").limit(limit).offset(offset)
    return await _lines(page), await rows.count()


async def journal_slices(asked: JournalAsked) -> AsyncIterator[list[JournalLine]]:
    """The whole period, oldest first, slice by slice: a year does not stand in memory at once."""
    after = 0
    while page := await _filtered(asked).filter(id__gt=after).order_by("id").limit(SLICE):
        yield await _lines(page)
        after = page[-1].id


async def _lines(rows: list[ReviewJournalRow]) -> list[JournalLine]:
    stations = {row.id: row for row in await StationRow.filter(id__in=list({row.station_id for row in rows}))}
    episode_ids = list({row.episode_id for row in rows})
    states = {row.id: row.state for row in await EpisodeRow.filter(id__in=episode_ids)}
    answers = {
        ticket.episode_id: ticket
        for ticket in await TicketRow.filter(episode_id__in=episode_ids, answered_ms__isnull=False).order_by("id")
    }
    lines = []
    for row in rows:
        ticket = answers.get(row.episode_id)
        answer, by = ("", "") if ticket is None else (ticket.answer, ticket.answered_by)
        lines.append(JournalLine(row, stations.get(row.station_id), states.get(row.episode_id, ""), answer, by))
    return lines


async def sums(asked: JournalAsked, by: str) -> list[dict[str, Any]]:
    """Acts and values by one of `GROUPS`: `[{key, acts, values}]`, most acts first; stations by their code."""
    field = GROUPS[by]
    rows = await (
        _filtered(asked)
        .group_by(field)
        .annotate(acts=Count("id"), touched=Sum("count"))
        .values(field, "acts", "touched")
    )
    names: dict[Any, str] = {}
    if by == "station":
        found = await StationRow.filter(id__in=[row[field] for row in rows])
        names = {row.id: row.code for row in found}
    told = [
        {"key": names.get(row[field], str(row[field])), "acts": int(row["acts"]), "values": int(row["touched"] or 0)}
        for row in rows
    ]
    return sorted(told, key=lambda row: (-row["acts"], row["key"]))


async def episodes_within(from_s: int, to_s: int) -> dict[str, int]:
    """Episodes that began in (from_s, to_s], by state."""
    rows = (
        await EpisodeRow.filter(last_s__gt=from_s, first_s__gt=from_s, first_s__lte=to_s)
        .group_by("state")
        .annotate(number=Count("id"))
        .values("state", "number")
    )
    return {str(row["state"]): int(row["number"]) for row in rows}
