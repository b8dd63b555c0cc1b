"""What the charts draw: series of any span in columns, reduced where a pixel would stand for many readings.

Times are seconds after `from`, so that a month of twelve parameters is one small answer.
"""

from typing import Any

from quart import Blueprint, Response, request

from protocols.times import iso
from storage.chart_series import Series, chart_series
from web.answers import answer
from web.asking import number, span
from web.completeness import timetable_of
from web.deps import WebDeps
from web.stations import station_named

POINTS = 1200
MOST_POINTS = 5000
LEAST_GAIN = 3
"""A bucket keeps up to three readings, so one that holds no more is not worth making."""
HOLE_CADENCES = 1.6


def bucket_of(span_s: int, points: int, cadence_s: int) -> int:
    """Seconds of a bucket; one, which keeps everything, where there are few enough readings."""
    bucket_s = span_s // points
    return bucket_s if bucket_s > LEAST_GAIN * cadence_s else 1


def chart_routes(deps: WebDeps) -> Blueprint:
    """The route of the charts."""
    routes = Blueprint("charts", __name__)

    @routes.get("/api/v1/stations/<path:code>/series")
    async def series(code: str) -> Response:
        from_s, to_s = span(deps.now())
        points = number("points", POINTS, 10, MOST_POINTS)
        station = await station_named(deps, code)
        cadence_s = (await timetable_of(station)).cadence_s
        bucket_s = bucket_of(to_s - from_s, points, cadence_s)
        found = await chart_series(station.id, from_s, to_s, bucket_s, int(HOLE_CADENCES * cadence_s))
        asked = set(request.args.getlist("parameter"))
        return answer(
            {
                "from": iso(from_s),
                "to": iso(to_s),
                "cadence_s": cadence_s,
                "bucket_s": bucket_s if bucket_s > 1 else None,
                "series": [series_shape(each, from_s) for each in found if not asked or each.parameter in asked],
            }
        )

    return routes


def series_shape(series: Series, from_s: int) -> dict[str, Any]:
    """One parameter in columns; a null value is a hole, `count` is how many readings there are."""
    return {
        "parameter": series.parameter,
        "unit": series.unit,
        "count": series.total,
        "offset_s": [point.time_s - from_s for point in series.points],
        "value": [point.value for point in series.points],
        "flag": [point.flag for point in series.points],
        "corrected": [{"offset_s": time_s - from_s, "value": value} for time_s, value in series.corrected],
    }
