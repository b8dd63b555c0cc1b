"""The pages of the reports: choose a form, a period and whose vehicles; every cell opens what lies behind it."""

from collections import Counter
from collections.abc import Callable
from itertools import groupby
from typing import Any

from quart import Blueprint, Response

from actors.annex_workbook import period_words
from actors.rules.annexes import Column, load_annexes
from actors.traffic_report import Line, fill
from storage.traffic_cases import BAND_COLUMNS, KIND_COLUMNS
from storage.traffic_sums import Asked
from web.annex_asking import (
    APART,
    CHOICES,
    NAMELESS,
    annex_numbered,
    asked_choices,
    asked_of,
    asked_report,
    link,
    period_query,
)
from web.annex_cases import asked_cases, asked_days
from web.annex_links import links, unit_link
from web.annexes import LEVELS, RANKS, asked_rank, lines_of, ranked
from web.asking import page
from web.deps import WebDeps
from web.look import Look
from web.scope import scope_asking

SHOWN = 200
PLACES = {"number": 3, "km": 1, "percent": 2}


def cell_text(line: Line, column: Column, nameless: str, day: Callable[[str], str]) -> str:
    """What a page shows in a cell: a dash where there is no number."""
    if column.shows == "day":
        return day(text) if (text := line.whose.get("day")) else ""
    if column.shows == "text":
        return line.whose.get(column.key) or (nameless if column.key in line.whose else "")
    return value_text(line.values.get(column.key), column.shows)


def value_text(value: Any, shows: str) -> str:
    """A number as Vietnamese people write it, a time as hours, minutes, seconds."""
    if value is None:
        return "–"
    if shows == "time":
        return f"{value // 3600}:{value // 60 % 60:02}:{value % 60:02}"
    text = f"{value:,.{PLACES.get(shows, 0)}f}"
    return text.translate(str.maketrans(",.", ".,"))


async def options_of(deps: WebDeps, asked: Asked) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, within the period and the person's scope, as (value, name); of the chosen department.

    A company whose name several departments have is chosen together with its department.
    """
    scope = scope_asking()
    bare = Asked(asked.from_day, asked.to_day, () if scope is None else tuple(scope.columns.items()))
    rows = await deps.traffic.sums.fleets(bare, CHOICES)
    near = asked_choices().get("department", "")
    theirs = {
        (row["company"], row["department"]) for row in rows if not near or (row["department"] or NAMELESS) == near
    }
    several = {name for name, count in Counter(name for name, _ in theirs).items() if name and count > 1}
    companies = {
        (f"{name}{APART}{department or NAMELESS}", f"{name} · {department or NAMELESS}")
        if name in several
        else (name or NAMELESS, name or NAMELESS)
        for name, department in theirs
    }
    names = {name: {row[name] or NAMELESS for row in rows} for name in CHOICES if name != "company"}
    return {
        "company": sorted(companies),
        **{key: sorted((name, name) for name in found) for key, found in names.items()},
    }


def annex_page_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of the pages."""
    routes = Blueprint("annex_pages", __name__, url_prefix="/reports")
    forms = list(load_annexes().values())

    async def shown(template: str, asked: Asked, count: int, **fields: Any) -> Response:
        chosen = asked_choices()
        return await look.page(
            template,
            forms=forms,
            chosen=chosen,
            period=period_query(asked),
            query={**period_query(asked), **chosen},
            options=await options_of(deps, asked),
            count=count,
            window=page(SHOWN),
            link=link,
            nameless=NAMELESS,
            value_text=value_text,
            **fields,
        )

    @routes.get("")
    async def start() -> Response:
        return await filled_page(forms[0].number)

    @routes.get("/<int:number>")
    async def form(number: int) -> Response:
        return await filled_page(number)

    async def filled_page(number: int) -> Response:
        annex, asked, window = annex_numbered(number), await asked_report(deps), page(SHOWN)
        filled = await fill(deps.traffic.sums, annex, asked, window.limit, window.offset)
        chosen, words = asked_choices(), look.words()
        total = Line({}, filled.total)

        def head(column: Column) -> str:
            return column.head if words.language == "vi" else column.en

        def group(column: Column) -> str:
            return column.group if words.language == "vi" else column.group_en

        return await shown(
            "annex.html", asked, filled.count, annex=annex,
            here=f"/reports/{number}", title=annex.title, period_words=period_words(asked.from_day, asked.to_day),
            head=head, groups=[(name, list(columns)) for name, columns in groupby(annex.columns, group)],
            rows=[(line, links("", filled, chosen, line)) for line in filled.lines],
            total=(total, links("", filled, chosen, total)),
            cell_text=lambda line, column: cell_text(line, column, words("annex.nameless"), words.day),
            departments=annex.row == "company" and "department" not in chosen,
        )  # fmt: skip

    @routes.get("/violations")
    async def violations() -> Response:
        asked = await asked_report(deps)
        kind, band = asked_of("kind", KIND_COLUMNS, ""), asked_of("band", BAND_COLUMNS, "")
        cases, count = await asked_cases(deps, SHOWN)
        return await shown(
            "annex_cases.html", asked, count, here="/reports/violations", cases=cases, kind=kind, band=band,
            kinds=[str(each) for each in KIND_COLUMNS], bands=list(BAND_COLUMNS),
        )  # fmt: skip

    @routes.get("/days")
    async def days() -> Response:
        asked = await asked_report(deps)
        found, count = await asked_days(deps, SHOWN)
        return await shown("annex_days.html", asked, count, here="/reports/days", days=found)

    @routes.get("/indicators")
    async def indicators() -> Response:
        asked, (by, order), window = await asked_report(deps), asked_rank(), page(SHOWN)
        units = await ranked(deps, by, order, asked)
        return await shown(
            "annex_indicators.html", asked, len(units), here="/reports/indicators", by=by, order=order,
            lines=lines_of(units[window.offset : window.offset + window.limit]), levels=LEVELS, ranks=RANKS,
            behind=lambda line: unit_link(asked, by, line),
        )  # fmt: skip

    return routes
