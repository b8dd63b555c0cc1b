"""A station's data: readings, hourly means, gaps, files and their exact bytes."""

from urllib.parse import quote

from quart import Blueprint, Response, request

from storage.models import FileRow, StationRow
from web.answers import answer
from web.asking import day_start_asked, span
from web.deps import WebDeps
from web.judged import control_summary, csv_of, judged_shapes
from web.refusals import not_found
from web.shapes import file_shape, format_shape, gap_shape, hourly_shape


async def station_named(deps: WebDeps, code: str) -> StationRow:
    """Find a station; raises Refusal."""
    station = await deps.queries.station(code)
    if station is None:
        raise not_found("station", code, "code")
    return station


async def file_of(deps: WebDeps, code: str, file_id: int) -> FileRow:
    """Find a station's file; raises Refusal."""
    station = await station_named(deps, code)
    row = await deps.queries.file(station.id, file_id)
    if row is None:
        raise not_found("file", str(file_id), "id")
    return row


def station_routes(deps: WebDeps) -> Blueprint:
    """Routes of one station."""
    routes = Blueprint("stations", __name__, url_prefix="/api/v1/stations/<path:code>")
    queries = deps.queries

    @routes.get("/readings")
    async def readings(code: str) -> Response:
        from_s, to_s = span(deps.now())
        station = await station_named(deps, code)
        rows = await queries.readings(station.id, from_s, to_s, request.args.get("parameter", ""))
        return answer(await (await judged_shapes(station)).shape(station, rows))

    @routes.get("/readings.csv")
    async def readings_csv(code: str) -> Response:
        from_s, to_s = span(deps.now())
        station = await station_named(deps, code)
        lines = csv_of(station, from_s, to_s, request.args.get("parameter", ""))
        response = Response(lines, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(code, safe='')}.csv"
        return response

    @routes.get("/control")
    async def control(code: str) -> Response:
        from_s, to_s = span(deps.now())
        return answer(await control_summary(await station_named(deps, code), from_s, to_s))

    @routes.get("/hourly")
    async def hourly(code: str) -> Response:
        from_s, to_s = span(deps.now())
        station = await station_named(deps, code)
        return answer([hourly_shape(row) for row in await queries.hourly(station.id, from_s, to_s)])

    @routes.get("/gaps")
    async def gaps(code: str) -> Response:
        from_s, to_s = span(deps.now())
        station = await station_named(deps, code)
        return answer([gap_shape(row) for row in await queries.gaps(station.id, from_s, to_s)])

    @routes.get("/format")
    async def layout(code: str) -> Response:
        station = await station_named(deps, code)
        file = await queries.newest_read(station.id)
        registered = {row.symbol: row for row in await queries.parameters(station.id)}
        return answer(format_shape(station, file, registered.values()))

    @routes.get("/files")
    async def files(code: str) -> Response:
        day_s = day_start_asked(deps.now())
        station = await station_named(deps, code)
        return answer([file_shape(row) for row in await queries.files(station.id, day_s)])

    @routes.get("/files/<int:file_id>")
    async def file(code: str, file_id: int) -> Response:
        return answer(file_shape(await file_of(deps, code, file_id)))

    @routes.get("/files/<int:file_id>/raw")
    async def raw(code: str, file_id: int) -> Response:
        row = await file_of(deps, code, file_id)
        response = Response(await deps.raw_reader(row), content_type="application/octet-stream")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
        return response

    return routes
