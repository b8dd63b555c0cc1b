"""What lies behind the cells of a report: single violations and days of driving, each with its track on the map."""

from typing import Any

import orjson
from quart import Blueprint, Response

from actors.messages import ViolationFound
from actors.traffic_report import day_text
from protocols.times import DAY_S, day_begin, iso
from protocols.vocabulary import ViolationKind
from storage.traffic_cases import BAND_COLUMNS, KIND_COLUMNS
from web.annex_asking import asked_of, asked_report, link, period_query
from web.answers import answer
from web.asking import page
from web.deps import WebDeps
from web.look import source_url
from web.sources import TOTAL_COUNT
from web.violations import violation_shape

AROUND_S = 300
"""So much of the track is shown before and after a violation."""
WHOSE = ("plate", "department", "company", "business")
DAY_FIELDS = (
    "over_5", "over_10", "over_20", "over_35", "continuous", "daily", "silences", "rare", "lacking", "disorder",
)  # fmt: skip


def track_link(plate: str, from_s: int, to_s: int, violation: str = "") -> str:
    """The vehicle's page over a time, with a violation marked."""
    return link(source_url(f"vehicle:{plate}"), **{"from": iso(from_s), "to": iso(to_s), "violation": violation})


def case_shape(deps: WebDeps, row: dict[str, Any]) -> dict[str, Any]:
    """A violation with whose vehicle it was, and its track; SQLite gives its detail as text."""
    detail, kind, start_s = row["detail"], ViolationKind(row["kind"]), row["start_s"]
    told = detail if isinstance(detail, dict) else orjson.loads(detail)
    case, end_s = ViolationFound(0, kind, start_s, row["end_s"], True, told), row["end_s"] or start_s
    return {
        **{name: row[name] for name in WHOSE},
        **violation_shape(row["id"], case, deps.article(kind, start_s)),
        "track": track_link(row["plate"], start_s - AROUND_S, end_s + AROUND_S, str(row["id"])),
    }


def day_shape(row: dict[str, Any]) -> dict[str, Any]:
    """A day of a vehicle; ways in km, times in seconds."""
    begin_s = day_begin(row["day"])
    return {
        **{name: row[name] for name in WHOSE},
        "day": day_text(row["day"]),
        "way_km": round(row["way_m"] / 1000, 3),
        "over_km": round(row["over_m"] / 1000, 3),
        "moving_time": row["moving_s"],
        "over_time": row["over_s"],
        "silent_time": row["silent_s"],
        **{name: row[name] for name in DAY_FIELDS},
        "track": track_link(row["plate"], begin_s, begin_s + DAY_S - 1),
    }


async def asked_cases(deps: WebDeps, default_limit: int) -> tuple[list[dict[str, Any]], int]:
    """The violations that the query asks for, and how many there are."""
    kind, band = asked_of("kind", KIND_COLUMNS, ""), asked_of("band", BAND_COLUMNS, "")
    window = page(default_limit)
    if band:
        kind = str(ViolationKind.SPEED)
    rows, count = await deps.traffic.cases.cases(await asked_report(deps), kind, band, window.limit, window.offset)
    return [case_shape(deps, row) for row in rows], count


async def asked_days(deps: WebDeps, default_limit: int) -> tuple[list[dict[str, Any]], int]:
    """The days of driving that the query asks for, and how many there are."""
    window = page(default_limit)
    asked = await asked_report(deps)
    rows, count = await deps.traffic.sums.days(asked, "d.way_m + d.moving_s > 0", window.limit, window.offset)
    return [day_shape(row) for row in rows], count


def annex_case_routes(deps: WebDeps) -> Blueprint:
    """Routes of what lies behind reports."""
    routes = Blueprint("annex_cases", __name__, url_prefix="/api/v1/reports")

    @routes.get("/violations")
    async def violations() -> Response:
        cases, count = await asked_cases(deps, 1000)
        return answer(cases, headers={TOTAL_COUNT: str(count)})

    @routes.get("/days")
    async def days() -> Response:
        found, count = await asked_days(deps, 1000)
        return answer(found, headers={TOTAL_COUNT: str(count)})

    @routes.get("/hours")
    async def hours() -> Response:
        kind, asked = asked_of("kind", KIND_COLUMNS, str(ViolationKind.SPEED)), await asked_report(deps)
        found = await deps.traffic.cases.hours_of_day(asked, kind)
        return answer({**period_query(asked), "kind": kind, "hours": found})

    return routes
