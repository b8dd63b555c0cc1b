"""The pages of one station: they read through the same faces as the API and change nothing."""

from quart import Blueprint, Response

from protocols.times import DAY_S, day_of, hour_end
from web.asking import day_start_asked
from web.deps import WebDeps
from web.drawing import hour_cells, latest_values, sparkline
from web.look import Look
from web.shapes import detail_shape, flip_shape
from web.stations import file_of, station_named

BYTES_SHOWN = 200_000


def station_page_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of the pages of a station."""
    routes = Blueprint("station_pages", __name__)
    queries = deps.queries

    @routes.get("/stations/<path:code>")
    async def station(code: str) -> Response:
        row = await station_named(deps, code)
        detail = await deps.board.source(f"station:{row.code}")
        now_s, day_s = int(deps.now()), day_start_asked(deps.now())
        readings = await queries.readings(row.id, now_s - DAY_S, now_s)
        last_hour_s = hour_end(now_s)
        hourly = await queries.hourly(row.id, last_hour_s - DAY_S, last_hour_s)
        return await look.page(
            "station.html",
            station=row,
            detail=None if detail is None else detail_shape(detail),
            values=latest_values(readings, await queries.parameters(row.id)),
            sparkline=lambda parameter: sparkline(readings, parameter, now_s - DAY_S, now_s),
            cells=hour_cells(hourly, last_hour_s),
            files=await queries.files(row.id, day_s),
            gaps=await queries.gaps(row.id, now_s - DAY_S, now_s),
            flips=[flip_shape(flip) for flip in await queries.flips(f"station:{row.code}")],
            crashes=await queries.crashes(f"station:{row.code}"),
            day="{:04}-{:02}-{:02}".format(*day_of(day_s)),
        )

    @routes.get("/stations/<path:code>/files/<int:file_id>")
    async def file(code: str, file_id: int) -> Response:
        row = await file_of(deps, code, file_id)
        body = await deps.raw_reader(row)
        text = body[:BYTES_SHOWN].decode("utf-8", "backslashreplace")
        return await look.page("file.html", code=code, file=row, text=text, is_cut=len(body) > BYTES_SHOWN)

    return routes
