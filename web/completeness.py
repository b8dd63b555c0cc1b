"""How complete a station's data are: windows with their missing instants, and the cells of the history bars."""

from typing import Any

from quart import Blueprint, Response, request

from actors.rules.completeness import (
    Completeness,
    CompletenessThresholds,
    judge_by_timetable,
    judge_completeness,
)
from actors.rules.flags import overall
from actors.rules.history import Arrived, Cell, DayTotals, Expectation, day_cells, slot_cells
from actors.rules.schedules import read_schedule
from actors.rules.timetable import Raised, Timetable
from protocols.times import DAY_S, HOUR_S, day_start, iso
from protocols.vocabulary import Flag
from storage.arrivals import arrivals, count_failed, day_rows, disasters_of, first_time, recent_parameters
from storage.models import ParameterRow, StationDayRow, StationRow
from web.answers import answer
from web.asking import span
from web.deps import WebDeps
from web.refusals import bad_value
from web.stations import station_named

WINDOWS = {"hour": HOUR_S, "day": DAY_S, "span": 0}
OK_OF_DAY = 0.80
LONGEST_S = 32 * DAY_S
SPANS = ("24h", "30d")
DAYS = 30


def completeness_routes(deps: WebDeps) -> Blueprint:
    """Routes of one station's completeness."""
    routes = Blueprint("completeness", __name__, url_prefix="/api/v1/stations/<path:code>")

    @routes.get("/completeness")
    async def completeness(code: str) -> Response:
        from_s, to_s = span(deps.now())
        if to_s - from_s > LONGEST_S:
            raise bad_value("from", "ask for at most 32 days at once")
        window = _choice("window", tuple(WINDOWS))
        station = await station_named(deps, code)
        asked = request.args.get("parameter", "")
        timetable = await timetable_of(station)
        windows = _windows(window, from_s, to_s)
        reach_s = max(timetable.cadence_s, DAY_S if timetable.times_s else 0)
        rows = await arrivals(station.id, windows[0][0] - reach_s, windows[-1][1] + reach_s, asked)
        registered = {row.symbol: row for row in await deps.queries.parameters(station.id)}
        names = [asked] if asked else list(registered) or sorted({row.parameter for row in rows})
        found: list[dict[str, Any]] = []
        for name in names:
            limits = _limits(registered.get(name), timetable.cadence_s, window)
            if limits is None:
                continue
            times_s = [row.time_s for row in rows if row.parameter == name]
            for start_s, end_s in windows:
                judged = _judge(times_s, start_s, end_s, limits, timetable)
                found.append(_window_shape(name, start_s, end_s, judged, is_open=end_s > deps.now()))
        return answer(found)

    @routes.get("/history")
    async def history(code: str) -> Response:
        asked = _choice("span", SPANS)
        station = await station_named(deps, code)
        return answer(await station_history(deps, station, asked))

    return routes


async def station_history(deps: WebDeps, station: StationRow, asked: str) -> dict[str, Any]:
    """The history of a station over `24h` or `30d`, as the API gives it and the pages draw it."""
    now_s = int(deps.now())
    registered = {row.symbol for row in await deps.queries.parameters(station.id)}
    timetable, first_s = await timetable_of(station), await first_time(station.id)
    if asked == "24h":
        reach_s = max(timetable.cadence_s, HOUR_S)
        rows = await arrivals(station.id, now_s - DAY_S - reach_s, now_s + reach_s)
        known = registered or {row.parameter for row in rows}
        owed = Expectation(timetable, station.grace_s, len(known), first_s)
        came = (
            Arrived(row.parameter, row.time_s, row.received_ms, overall(Flag(row.flag), row.outer_flags))
            for row in rows
            if row.parameter in known
        )
        cells = slot_cells(owed, now_s, came)
    else:
        today_s = day_start(now_s - 1)
        days = [today_s - back * DAY_S for back in range(DAYS - 1, -1, -1)]
        kept = await day_rows(station.id, days[0], days[-1])
        totals = {row.day_s: await _totals(row) for row in kept}
        count = len(registered or await recent_parameters(station.id))
        cells = day_cells(Expectation(timetable, station.grace_s, count, first_s), days, now_s, totals)
    expected, received = sum(cell.expected for cell in cells), sum(min(cell.received, cell.expected) for cell in cells)
    return {
        "span": asked,
        "from": iso(cells[0].from_s) if cells else None,
        "to": iso(cells[-1].to_s) if cells else None,
        "slots_per_day": len(timetable.slots(day_start(now_s), day_start(now_s) + DAY_S)),
        "expected": expected,
        "received": received,
        "rate": round(received / expected, 4) if expected else None,
        "cells": [_cell_shape(cell) for cell in cells],
    }


async def timetable_of(station: StationRow) -> Timetable:
    """When a station's records are expected, with the increased frequency of its areas."""
    base = read_schedule(station.schedule, station.cadence_s)
    rows = await disasters_of(station.code)
    return base.with_raised(Raised(row.from_s, row.to_s, row.cadence_s) for row in rows)


async def _totals(row: StationDayRow) -> DayTotals:
    failed = row.failed
    if failed < 0:
        failed = await count_failed(row.station_id, row.day_s, row.day_s + DAY_S, Flag.FAIL)
    return DayTotals(row.received, row.late, row.backfilled, failed)


def _choice(field: str, choices: tuple[str, ...]) -> str:
    text = request.args.get(field, choices[0])
    if text not in choices:
        raise bad_value(field, f"{field} must be one of {', '.join(choices)}")
    return text


def _windows(window: str, from_s: int, to_s: int) -> list[tuple[int, int]]:
    """The whole windows (start, end] that (from, to] touches."""
    length_s = WINDOWS[window]
    if not length_s:
        return [(from_s, to_s)]
    start_s = from_s // HOUR_S * HOUR_S if window == "hour" else day_start(from_s)
    count = max(1, -(-(to_s - start_s) // length_s))
    return [(start_s + at * length_s, start_s + (at + 1) * length_s) for at in range(count)]


def _limits(row: ParameterRow | None, cadence_s: int, window: str) -> CompletenessThresholds | None:
    table: Any = {} if row is None else row.qc.get("completeness", {})
    if table is False:
        return None
    given = {"ok": OK_OF_DAY, **table} if window == "day" else dict(table)
    return CompletenessThresholds.from_table(given, cadence_s)


def _judge(
    times_s: list[int], start_s: int, end_s: int, limits: CompletenessThresholds, timetable: Timetable
) -> Completeness:
    """A parameter with an interval of its own has its slots from the window's start; else the timetable's hold."""
    is_raised = any(each.from_s < end_s and (each.to_s or end_s) > start_s for each in timetable.raised)
    if limits.interval_s == timetable.cadence_s and (timetable.times_s or is_raised):
        return judge_by_timetable(times_s, start_s, end_s, limits, timetable)
    return judge_completeness(times_s, start_s, end_s, limits)


def _window_shape(parameter: str, start_s: int, end_s: int, judged: Completeness, *, is_open: bool) -> dict[str, Any]:
    return {
        "parameter": parameter,
        "from": iso(start_s),
        "to": iso(end_s),
        "expected": judged.expected,
        "received": judged.filled,
        "rate": judged.rate,
        "flag": int(judged.flag),
        "missing": [iso(slot_s) for slot_s in judged.missing_s],
        "open": is_open,
    }


def _cell_shape(cell: Cell) -> dict[str, Any]:
    shaped = {"from": iso(cell.from_s), "to": iso(cell.to_s), **cell._asdict()}
    del shaped["from_s"], shaped["to_s"]
    return shaped
