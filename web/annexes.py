"""The reports of TT 09/2015/TT-BGTVT over HTTP: filled forms, their Excel files, and the indicators of article 7."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from quart import Blueprint, Response

from actors.annex_workbook import write_annex
from actors.rules.annexes import Annex, load_annexes
from actors.rules.unit_sums import needed
from actors.traffic_report import Filled, Line, Unit, fill, total_of, unit_sums
from storage.traffic_sums import Asked
from web.annex_asking import annex_numbered, asked_choices, asked_of, asked_report, period_query
from web.annex_links import links
from web.answers import answer
from web.asking import LARGEST_LIMIT, page
from web.deps import WebDeps
from web.review_journal import download
from web.sources import TOTAL_COUNT

API = "/api/v1"
RANKS = (
    "per_1000_km", "way_share", "time_share", "driving_day_share", "speed", "worst_kmh", "continuous", "daily",
    "silences", "silent_time", "rare", "lacking", "disorder", "travelled_km",
)  # fmt: skip
"""What units can be ranked by."""
LEVELS = ("department", "company", "plate", "business")


def annex_shape(annex: Annex) -> dict[str, Any]:
    """A form without its lines."""
    return {
        "annex": annex.number,
        "title": annex.title,
        "by": list(annex.by),
        "heading": list(annex.heading),
        "columns": [
            {"key": each.key, "head": each.head, "group": each.group, "shows": each.shows} for each in annex.columns
        ],
    }


def line_shape(filled: Filled, chosen: dict[str, str], line: Line) -> dict[str, Any]:
    """One line: whose it is, its columns, and what lies behind its cells."""
    keys = [column.key for column in filled.annex.columns if column.shows not in ("text", "day")]
    return {
        **line.whose,
        **{key: line.values.get(key) for key in keys},
        "links": links(API, filled, chosen, line),
    }


def filled_shape(filled: Filled, chosen: dict[str, str]) -> dict[str, Any]:
    """A filled form; ways in km, shares in per cent, times in seconds, null where there is no number."""
    return {
        **annex_shape(filled.annex),
        **period_query(filled.asked),
        "chosen": chosen,
        "rows": [line_shape(filled, chosen, line) for line in filled.lines],
        "total": line_shape(filled, chosen, Line({}, filled.total)),
    }


async def ranked(deps: WebDeps, by: str, order: str, asked: Asked) -> list[Unit]:
    """Units with the highest number first; those that have none last."""
    units = await unit_sums(deps.traffic.sums, by, asked, needed(RANKS))
    found = [(unit[1].value(order), unit) for unit in units]
    found.sort(key=lambda each: (each[0] is None, -(each[0] or 0)))
    return [unit for _, unit in found]


def lines_of(units: Iterable[Unit]) -> list[Line]:
    """The lines of some units."""
    return [Line(whose, sums.values()) for whose, sums in units]


def asked_rank() -> tuple[str, str]:
    """Read `by` and `order`."""
    return asked_of("by", LEVELS, "department"), asked_of("order", RANKS, "per_1000_km")


def annex_routes(deps: WebDeps) -> Blueprint:
    """Routes of the reports."""
    routes = Blueprint("annexes", __name__, url_prefix=f"{API}/reports")

    @routes.get("")
    async def forms() -> Response:
        return answer([annex_shape(annex) for annex in load_annexes().values()])

    @routes.get("/<int:number>")
    async def form(number: int) -> Response:
        window, annex = page(), annex_numbered(number)
        filled = await fill(deps.traffic.sums, annex, await asked_report(deps), window.limit, window.offset)
        return answer(filled_shape(filled, asked_choices()), headers={TOTAL_COUNT: str(filled.count)})

    @routes.get("/<int:number>/excel")
    async def workbook(number: int) -> Response:
        annex, asked = annex_numbered(number), await asked_report(deps)
        filled = await fill(deps.traffic.sums, annex, asked, LARGEST_LIMIT, 0)
        folder = TemporaryDirectory(prefix="trambox-annex-")
        path = Path(folder.name) / "annex.xlsx"
        try:
            await asyncio.to_thread(write_annex, path, filled, dict(asked.filters))
        except BaseException:
            folder.cleanup()
            raise
        period = period_query(asked)
        return download(folder, path, f"phu-luc-{number}-{period['from']}-{period['to']}")

    @routes.get("/indicators")
    async def indicators() -> Response:
        window, asked, (by, order) = page(), await asked_report(deps), asked_rank()
        units = await ranked(deps, by, order, asked)
        shown = lines_of(units[window.offset : window.offset + window.limit])
        told = {
            **period_query(asked),
            "by": by,
            "order": order,
            "rows": [{**line.whose, **line.values} for line in shown],
            "total": total_of(units).values(),
        }
        return answer(told, headers={TOTAL_COUNT: str(len(units))})

    return routes
