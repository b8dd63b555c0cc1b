"""Slow drift of a parameter: its days, the alarms of CUSUM, and the changes of level that PELT dates."""

from typing import Any

from quart import Blueprint, Response, request

from protocols.times import DAY_S, day_of, day_start, iso
from protocols.vocabulary import Flag
from storage.drift import DriftReport
from web.answers import answer
from web.asking import span
from web.deps import WebDeps
from web.refusals import bad_value, not_found
from web.stations import station_named

DAYS_SHOWN = 400


def drift_shape(report: DriftReport, from_s: int, to_s: int) -> dict[str, Any]:
    """All days of the period, those without data as missing, with what stands on them."""
    kept = {row.day_s: row for row in report.days}
    days = []
    for day_s in range(from_s, to_s + 1, DAY_S):
        row = kept.get(day_s)
        days.append(
            {
                "day": date_of(day_s),
                "mean": None if row is None else row.mean,
                "hours": 0 if row is None else row.hours,
                "fed": None if row is None else row.fed,
                "flag": int(Flag.MISSING) if row is None else row.flag,
            }
        )
    return {
        "parameter": report.parameter,
        "neighbours": report.neighbours,
        "days": days,
        "events": [
            {
                "day": date_of(ticket.day_s),
                "direction": ticket.direction,
                "start": date_of(ticket.start_s),
                "state": ticket.state,
                "change": None if ticket.change_s is None else date_of(ticket.change_s),
                "made": iso(ticket.made_ms / 1000),
            }
            for ticket in report.tickets
        ],
        "change_points": [date_of(day_s) for day_s in report.changes],
    }


def date_of(day_s: int) -> str:
    """A day as yyyy-MM-dd in Vietnam."""
    return "{:04}-{:02}-{:02}".format(*day_of(day_s))


def drift_routes(deps: WebDeps) -> Blueprint:
    """Routes of slow drift."""
    routes = Blueprint("drift", __name__, url_prefix="/api/v1/stations/<path:code>")

    @routes.get("/drift")
    async def drift(code: str) -> Response:
        parameter = request.args.get("parameter", "")
        from_s, to_s = span(deps.now(), DAYS_SHOWN * DAY_S)
        station = await station_named(deps, code)
        if not parameter:
            raise bad_value("parameter", "name the parameter, e.g. parameter=COD")
        first_s, last_s = day_start(from_s), day_start(min(to_s, int(deps.now())))
        report = await deps.drift.report(station.id, parameter, first_s, last_s)
        if report is None:
            raise not_found("parameter with qc.cusum or qc.pelt", parameter, "parameter")
        return answer(drift_shape(report, first_s, last_s))

    return routes
