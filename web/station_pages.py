"""The pages of one station: they read through the same faces as the API and change nothing.

Invariant: every page of a station has the same head: state, deadline, both clocks, and whether its reader runs.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from quart import Blueprint, Response

from actors.rules.aqi_table import load_aqi_table
from actors.rules.limit_presets import load_presets
from actors.rules.limits import Averaging
from protocols.flags import overall
from protocols.times import DAY_S, HOUR_S, day_of, hour_end
from protocols.vocabulary import Period
from storage.exceedances import station_exceedances
from storage.models import ReadingRow, StationRow
from storage.products import StoredProduct, hours_in_use, indexes_in_use, longer_in_use
from storage.slot_files import files_since, files_told, first_received_s, flips_since, worth_by_time
from web.air import POLLUTANTS, index_shape
from web.asking import day_start_asked
from web.completeness import station_history, timetable_of
from web.deps import WebDeps
from web.drawing import hour_cells, latest_values, short, sparkline
from web.history import Pace, by_hour, count_slots, day_look, runs, slots, uptime
from web.limits import exceedance_shape
from web.look import Look
from web.navigation import station_tabs
from web.shapes import detail_shape, flip_shape
from web.station_limits import LimitLine, Measured, limit_lines, tending_of
from web.stations import file_of, station_named

BYTES_SHOWN = 200_000
MONTH_S = 30 * DAY_S
FAULTY_SHOWN = 5
FLAGGED_SHOWN = 200


class StationPages:
    """What the pages of a station show."""

    def __init__(self, deps: WebDeps, look: Look) -> None:
        self._deps = deps
        self._look = look
        self._book = load_presets()

    async def page(self, template: str, station: StationRow, **fields: Any) -> Response:
        """Render a page with the station's head."""
        detail = await self._deps.board.source(f"station:{station.code}")
        return await self._look.page(
            template,
            station=station,
            tabs=station_tabs(station),
            detail=None if detail is None else detail_shape(detail),
            **fields,
        )

    async def overview(self, station: StationRow) -> Response:
        """Has the file arrived, was it read, and what does it say?"""
        queries, now_s, pace = self._deps.queries, int(self._deps.now()), await self._pace(station)
        last_hour_s = hour_end(now_s)
        begin_s = last_hour_s - DAY_S
        readings = await queries.readings(station.id, begin_s, now_s)
        files = await files_since(station.id, begin_s)
        worth = await worth_by_time(station.id, begin_s, now_s)
        row = slots(pace.last_day(now_s), pace, files, worth, now_s)
        source_id = f"station:{station.code}"
        return await self.page(
            "station.html",
            station,
            values=latest_values(readings, await queries.parameters(station.id)),
            sparkline=lambda parameter: sparkline(readings, parameter, begin_s, now_s),
            last_file=files[-1] if files else None,
            faulty=[file for file in reversed(files) if file.faults or file.fate == "refused"][:FAULTY_SHOWN],
            slots=row,
            hours=by_hour(row, begin_s + 1),
            hour_ends=range(begin_s + HOUR_S, last_hour_s + 1, HOUR_S),
            holes=runs(row),
            counts=count_slots(row),
            short=short,
            limits=await self._limits(station, readings, now_s),
            cells=hour_cells(await queries.hourly(station.id, begin_s + HOUR_S, last_hour_s), last_hour_s),
            month=await station_history(self._deps, station, "30d"),
            day_look=day_look,
            uptimes=await self._uptimes(source_id, now_s),
            gaps=await queries.gaps(station.id, begin_s, now_s),
            flips=[flip_shape(flip) for flip in await queries.flips(source_id)],
            crashes=await queries.crashes(source_id),
        )

    async def _limits(self, station: StationRow, readings: list[ReadingRow], now_s: int) -> dict[str, LimitLine]:
        """The limit that each parameter's newest value is held against."""
        newest = {
            (row.parameter, Averaging.INSTANT): Measured(row.time_s, row.value, overall(row.flag, row.outer_flags))
            for row in readings
        }
        parameters = await self._deps.queries.parameters(station.id)
        tending = tending_of(await station_exceedances(station.id, now_s - HOUR_S, now_s))
        lines = limit_lines(parameters, self._book, newest, now_s, tending)
        return {line.parameter: line for line in lines if line.averaging is Averaging.INSTANT}

    async def _pace(self, station: StationRow) -> Pace:
        return Pace(await timetable_of(station), station.grace_s, await first_received_s(station.id))

    async def _uptimes(self, source_id: str, now_s: int) -> dict[str, float | None]:
        detail = await self._deps.board.source(source_id)
        if detail is None:
            return {}
        flips, state = await flips_since(source_id, now_s - MONTH_S), detail.view.freshness
        return {
            "day": uptime(flips, state, now_s - DAY_S, now_s),
            "month": uptime(flips, state, now_s - MONTH_S, now_s),
        }

    async def files(self, station: StationRow) -> Response:
        """The expected files of a day, and all that came."""
        now_s, pace = self._deps.now(), await self._pace(station)
        day_s = day_start_asked(now_s)
        reach_s = pace.timetable.cadence_s
        told = await files_told(station.id, day_s - reach_s, day_s + DAY_S)
        worth = await worth_by_time(station.id, day_s - reach_s, day_s + DAY_S)
        row = slots(pace.day(day_s), pace, told, worth, now_s)
        hours = by_hour(row, day_s)
        return await self.page(
            "station_files.html",
            station,
            slots=row,
            columns=hours,
            even=len({len(hour) for hour in hours}) == 1,
            counts=count_slots(row),
            files=await self._deps.queries.files(station.id, day_s),
            day=_date(day_s),
            before=_date(day_s - DAY_S),
            after=_date(day_s + DAY_S) if day_s + DAY_S <= now_s else "",
        )

    async def limits(self, station: StationRow) -> Response:
        """What each parameter may reach, and how far it is from it."""
        parameters = await self._deps.queries.parameters(station.id)
        now_s = int(self._deps.now())
        rows = await station_exceedances(station.id, now_s - 7 * DAY_S, now_s)
        lines = limit_lines(parameters, self._book, await self._measured(station), now_s, tending_of(rows))
        runs = [exceedance_shape(row, station.code) for row in rows]
        return await self.page("station_limits.html", station, lines=lines, short=short, runs=runs[::-1])

    async def _measured(self, station: StationRow) -> dict[tuple[str, Averaging], Measured]:
        """The newest value of each averaging."""
        now_s = int(self._deps.now())
        found: dict[tuple[str, Averaging], Measured] = {}
        for row in await self._deps.queries.readings(station.id, now_s - DAY_S, now_s):
            flag = int(overall(row.flag, row.outer_flags))
            found[row.parameter, Averaging.INSTANT] = Measured(row.time_s, row.value, flag)
        hours = await hours_in_use([station.id], now_s - DAY_S, now_s)
        _newest(found, Averaging.HOUR, hours.get(station.id, {}))
        for averaging, period in ((Averaging.EIGHT_HOURS, Period.EIGHT_HOURS), (Averaging.DAY, Period.DAY)):
            longer = await longer_in_use([station.id], period, now_s - 2 * DAY_S, now_s)
            _newest(found, averaging, longer.get(station.id, {}))
        return found

    async def aqi(self, station: StationRow) -> Response:
        """The air quality index of the last hours and days."""
        now_s = int(self._deps.now())
        table = load_aqi_table(date(*day_of(now_s)))
        shown: dict[str, list[dict[str, Any]]] = {}
        for name, period, back_s in (("hours", Period.HOUR, DAY_S), ("days", Period.DAY, MONTH_S)):
            rows = (await indexes_in_use([station.id], period, now_s - back_s, now_s)).get(station.id, {})
            shown[name] = [index_shape(end_s, rows[end_s], is_day=period is Period.DAY) for end_s in sorted(rows)]
        return await self.page(
            "station_aqi.html", station, pollutants=POLLUTANTS, bands=table.bands, article=table.article, **shown
        )

    async def qc(self, station: StationRow) -> Response:
        """What the tests said of the day's values."""
        day_s = day_start_asked(self._deps.now())
        readings = await self._deps.queries.readings(station.id, day_s, day_s + DAY_S - 1)
        symbols = sorted({row.parameter for row in readings})
        counts = {
            symbol: {
                flag: sum(overall(row.flag, row.outer_flags) == flag for row in readings if row.parameter == symbol)
                for flag in (1, 2, 3, 4)
            }
            for symbol in symbols
        }
        flagged = [row for row in reversed(readings) if overall(row.flag, row.outer_flags) in (3, 4)]
        return await self.page(
            "station_qc.html", station, overall=overall, counts=counts, flagged=flagged[:FLAGGED_SHOWN],
            flagged_count=len(flagged),
            day=_date(day_s),
        )  # fmt: skip


def _newest(
    found: dict[tuple[str, Averaging], Measured], averaging: Averaging, rows: Mapping[int, Mapping[str, StoredProduct]]
) -> None:
    for end_s in sorted(rows):
        for symbol, row in rows[end_s].items():
            found[symbol, averaging] = Measured(end_s, row.value, row.flag)


def _date(day_s: int) -> str:
    return "{:04}-{:02}-{:02}".format(*day_of(day_s))


def station_page_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of the pages of a station."""
    routes = Blueprint("station_pages", __name__)
    pages = StationPages(deps, look)

    @routes.get("/stations/<path:code>")
    async def overview(code: str) -> Response:
        return await pages.overview(await station_named(deps, code))

    @routes.get("/stations/<path:code>/charts")
    async def charts(code: str) -> Response:
        station = await station_named(deps, code)
        parameters = [parameter.symbol for parameter in await deps.queries.parameters(station.id)]
        return await pages.page("station_charts.html", station, parameters=parameters)

    @routes.get("/stations/<path:code>/files")
    async def files(code: str) -> Response:
        return await pages.files(await station_named(deps, code))

    @routes.get("/stations/<path:code>/qc")
    async def qc(code: str) -> Response:
        return await pages.qc(await station_named(deps, code))

    @routes.get("/stations/<path:code>/limits")
    async def limits(code: str) -> Response:
        return await pages.limits(await station_named(deps, code))

    @routes.get("/stations/<path:code>/aqi")
    async def aqi(code: str) -> Response:
        return await pages.aqi(await station_named(deps, code))

    @routes.get("/stations/<path:code>/files/<int:file_id>")
    async def file(code: str, file_id: int) -> Response:
        row = await file_of(deps, code, file_id)
        body = await deps.raw_reader(row)
        text = body[:BYTES_SHOWN].decode("utf-8", "backslashreplace")
        return await look.page("file.html", code=code, file=row, text=text, is_cut=len(body) > BYTES_SHOWN)

    return routes
