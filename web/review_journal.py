"""The journal of quality control over HTTP: a page, the Excel file, and the numbers of the periodic reports."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from quart import Blueprint, Response, request

from actors.journal_workbook import JournalWorkbook, moment_text, sums_workbook
from actors.report_period import Period, month_before, read_period
from protocols.times import iso
from storage.review_journal import GROUPS, JournalAsked, episodes_within, journal_page, journal_slices, sums
from web.answers import answer
from web.asking import page, span
from web.deps import WebDeps
from web.refusals import bad_value
from web.review_shapes import line_shape
from web.sources import TOTAL_COUNT
from web.stations import station_named
from web.words import Words, load_words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONTH_S = 31 * 86400
PIECE = 1 << 16
GROUP_WORDS = {"error_type": "error_type", "action": "review_action"}


async def asked_journal(deps: WebDeps) -> JournalAsked:
    """Read the journal's period and filters off the query string."""
    from_s, to_s = span(deps.now(), MONTH_S)
    given = request.args.get
    station = await station_named(deps, code) if (code := given("station", "")) else None
    return JournalAsked(
        from_s * 1000,
        to_s * 1000 + 999,
        station_id=None if station is None else station.id,
        parameter=given("parameter", ""),
        action=given("action", ""),
        error_type=given("error_type", ""),
        who=given("who", ""),
    )


def asked_period(deps: WebDeps) -> Period:
    """Read `of`; the month that ended last where it is absent."""
    text = request.args.get("of", "") or month_before(deps.now())
    period = read_period(text)
    if period is None:
        raise bad_value("of", f"{text!r} is none of 2026-11, 2026-H1, 2026")
    return period


async def report_of(period: Period) -> dict[str, Any]:
    """A period's numbers."""
    asked = JournalAsked(period.from_s * 1000, period.to_s * 1000 - 1)
    return {
        "period": period.name,
        "from": iso(period.from_s),
        "to": iso(period.to_s),
        "due_before": iso(period.due_s)[:10],
        "episodes": await episodes_within(period.from_s, period.to_s),
        **{f"by_{group}": await sums(asked, group) for group in GROUPS},
    }


def journal_routes(deps: WebDeps) -> Blueprint:
    """Routes of the journal; its files speak Vietnamese, as the annex does."""
    say = load_words()["vi"]
    routes = Blueprint("review_journal", __name__, url_prefix="/api/v1/review")

    @routes.get("/journal")
    async def journal() -> Response:
        window = page()
        lines, count = await journal_page(await asked_journal(deps), window.limit, window.offset)
        return answer([line_shape(line) for line in lines], headers={TOTAL_COUNT: str(count)})

    @routes.get("/journal.xlsx")
    async def workbook() -> Response:
        asked = await asked_journal(deps)
        folder = TemporaryDirectory(prefix="trambox-journal-")
        path = Path(folder.name) / "journal.xlsx"
        try:
            await write_journal(path, asked, say)
        except BaseException:
            folder.cleanup()
            raise
        return download(folder, path, f"nhat-ky-kscl-{iso(asked.from_ms // 1000)[:10]}-{iso(asked.to_ms // 1000)[:10]}")

    @routes.get("/report")
    async def report() -> Response:
        return answer(await report_of(asked_period(deps)))

    @routes.get("/report.xlsx")
    async def report_workbook() -> Response:
        period = asked_period(deps)
        told = await report_of(period)
        folder = TemporaryDirectory(prefix="trambox-report-")
        path = Path(folder.name) / "report.xlsx"
        title = say("report.title_of", period=period.name)
        tables = [(group, [(_word(say, group, one["key"]), one["acts"], one["values"]) for one in told[f"by_{group}"]])
                  for group in GROUPS]  # fmt: skip
        await asyncio.to_thread(sums_workbook, path, say, title, tables)
        return download(folder, path, f"bao-cao-kscl-{period.name}")

    return routes


async def write_journal(path: Path, asked: JournalAsked, say: Words) -> None:
    """Write a period's journal; the loop only waits for rows, cells are made in a thread."""
    title = say("journal.title_of", start=moment_text(asked.from_ms // 1000), end=moment_text(asked.to_ms // 1000))
    book = await asyncio.to_thread(JournalWorkbook, say, title)
    async for lines in journal_slices(asked):
        await asyncio.to_thread(book.add, lines)
    await asyncio.to_thread(book.close, path)


def download(folder: "TemporaryDirectory[str]", path: Path, name: str) -> Response:
    """Stream a file piece by piece; its folder goes when the stream ends, however it ends."""

    async def pieces() -> AsyncIterator[bytes]:
        with folder:
            file = await asyncio.to_thread(path.open, "rb")
            with file:
                while piece := await asyncio.to_thread(file.read, PIECE):
                    yield piece

    response = Response(pieces(), content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}.xlsx"
    return response


def _word(say: Words, group: str, key: str) -> str:
    return say.table.get(f"{GROUP_WORDS[group]}.{key}", key) if group in GROUP_WORDS else key
