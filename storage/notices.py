"""Reads notices, their items, letters and replies; brings back what was running when the process ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tortoise.connection import get_connection

from storage.models import AreaRow, LetterRow, NoticeItemRow, NoticeRow, RecipientRow, ReplyRow
from storage.reading import reading

BATCH = 50
DOUBTFUL = """
SELECT r.station_id, r.parameter, r.raw_text AS raw, r.unit, r.flag, r.time_s FROM readings r
WHERE r.id > (SELECT COALESCE(MAX(id), 0) FROM readings) - 250000 AND r.flag IN (3, 4) AND r.file_id >= (
  SELECT COALESCE(MIN(f.id), 0) FROM files f
  WHERE f.id > (SELECT COALESCE(MAX(id), 0) FROM files) - 20000 AND f.received_ms >= {since_ms})
ORDER BY r.id
"""


@dataclass(frozen=True, slots=True)
class WholeNotice:
    """A notice with all that belongs to it; letters and replies oldest first."""

    notice: NoticeRow
    items: Sequence[NoticeItemRow]
    letters: Sequence[LetterRow] = ()
    replies: Sequence[ReplyRow] = ()


@reading
async def recipients() -> list[RecipientRow]:
    """Everybody who is told, by name; the stations of their areas stand among their stations."""
    rows = await RecipientRow.all().order_by("name")
    areas = {row.name: row.stations for row in await AreaRow.all()} if any(row.areas for row in rows) else {}
    for row in rows:
        row.stations = [*row.stations, *(code for name in row.areas for code in areas.get(name, ()))]
    return rows


@reading
async def open_notices() -> list[WholeNotice]:
    """Digests that were running, with their items and letters."""
    return await _with_parts(await NoticeRow.filter(closed_ms=None).order_by("id"))


@reading
async def told_standing(prefix: str) -> dict[str, int]:
    """Sources of which running digests say that they have not recovered, without the prefix that names their kind,
    and since when, in milliseconds."""
    running = await NoticeRow.filter(closed_ms=None).values_list("id", flat=True)
    items = NoticeItemRow.filter(notice_id__in=list(running), source__startswith=prefix, recovered_ms=None)
    return {item.source.removeprefix(prefix): item.since_ms for item in await items.order_by("since_ms")}


@reading
async def notices(state: str = "", cause: str = "", limit: int = 100, offset: int = 0) -> list[WholeNotice]:
    """The newest notices; `state` is open or closed, or empty for both."""
    query = NoticeRow.all()
    if state:
        query = query.filter(closed_ms__isnull=state == "open")
    if cause:
        query = query.filter(cause=cause)
    return await _with_parts(await query.order_by("-id").limit(limit).offset(offset))


@reading
async def notice(notice_id: int) -> WholeNotice | None:
    """One notice."""
    found = await _with_parts(await NoticeRow.filter(id=notice_id))
    return found[0] if found else None


@reading
async def notice_of_token(token: str) -> WholeNotice | None:
    """The notice that a letter's link names."""
    found = await _with_parts(await NoticeRow.filter(token=token)) if token else []
    return found[0] if found else None


@reading
async def letter(letter_id: int) -> LetterRow | None:
    """One letter."""
    return await LetterRow.get_or_none(id=letter_id)


@reading
async def open_count() -> int:
    """How many notices are open."""
    return await NoticeRow.filter(closed_ms=None).count()


@reading
async def due_letters(now_ms: int) -> list[LetterRow]:
    """Letters that wait and whose next attempt is due, oldest first."""
    return await LetterRow.filter(state="waiting", next_ms__lte=now_ms).order_by("id").limit(BATCH)


@reading
async def next_letter_ms() -> int | None:
    """When the next waiting letter is due."""
    row = await LetterRow.filter(state="waiting").order_by("next_ms").first()
    return None if row is None else row.next_ms


async def _with_parts(rows: Sequence[NoticeRow]) -> list[WholeNotice]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    items: dict[int, list[NoticeItemRow]] = {}
    for item in await NoticeItemRow.filter(notice_id__in=ids).order_by("id"):
        items.setdefault(item.notice_id, []).append(item)
    letters: dict[int, list[LetterRow]] = {}
    for letter in await LetterRow.filter(notice_id__in=ids).order_by("id"):
        letters.setdefault(letter.notice_id, []).append(letter)
    replies: dict[int, list[ReplyRow]] = {}
    for reply in await ReplyRow.filter(notice_id__in=ids).order_by("id"):
        replies.setdefault(reply.notice_id, []).append(reply)
    return [WholeNotice(row, items.get(row.id, ()), letters.get(row.id, ()), replies.get(row.id, ())) for row in rows]


class Doubtful(NamedTuple):
    """A suspect or failed value of late."""

    station_id: int
    parameter: str
    raw: str
    unit: str
    flag: int
    time_s: int


@reading
async def doubtful_since(since_ms: int) -> list[Doubtful]:
    """Doubtful values of files received since then, oldest first; among the newest quarter of a million rows."""
    rows = await get_connection("default").execute_query_dict(DOUBTFUL.format(since_ms=int(since_ms)))
    return [Doubtful(*(row[name] for name in Doubtful._fields)) for row in rows]
