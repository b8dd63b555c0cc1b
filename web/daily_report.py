"""The report of a day, made to be printed: completeness by station, worst first, and what people did.

A station's first day counts from its first value on.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from quart import Blueprint, Response

from actors.rules.history import DayTotals, Expectation, day_cells
from actors.rules.schedules import read_schedule
from actors.rules.timetable import Raised
from protocols.times import iso
from storage.day_report import StationDay, deeds, raised_stretches, station_days
from storage.models import StationRow
from web.asking import day_start_asked
from web.deps import WebDeps
from web.look import Look


@dataclass(frozen=True, slots=True)
class Line:
    """A station's day: values that were expected and came, and of those how many late, backfilled or failed."""

    station: StationRow
    expected: int
    received: int
    late: int
    backfilled: int
    failed: int

    @property
    def rate(self) -> float | None:
        """Completeness; None where nothing was expected."""
        return min(1.0, self.received / self.expected) if self.expected else None


def report_lines(
    days: Iterable[StationDay], raised: dict[str, list[tuple[int, int | None, int]]], day_s: int, now_s: float
) -> list[Line]:
    """The stations, the least complete first, those of which nothing was expected last."""
    lines: list[Line] = []
    for station, parameters, first_s, row in days:
        base = read_schedule(station.schedule, station.cadence_s)
        timetable = base.with_raised(Raised(*stretch) for stretch in raised.get(station.code, ()))
        totals = {} if row is None else {day_s: DayTotals(row.received, row.late, row.backfilled, max(0, row.failed))}
        (cell,) = day_cells(Expectation(timetable, station.grace_s, parameters, first_s), [day_s], now_s, totals)
        lines.append(Line(station, cell.expected, cell.received, cell.late, cell.backfilled, cell.failed))
    return sorted(lines, key=lambda line: 2.0 if line.rate is None else line.rate)


def report_routes(deps: WebDeps, look: Look) -> Blueprint:
    """The route of the report."""
    routes = Blueprint("daily_report", __name__)

    @routes.get("/report")
    async def report() -> Response:
        day_s = day_start_asked(deps.now())
        lines = report_lines(await station_days(day_s), await raised_stretches(), day_s, deps.now())
        return await look.page("report.html", lines=lines, day=iso(day_s)[:10], deeds=await deeds(day_s))

    return routes
