"""What a station's readings come to: means, vectors and sums of every period, and its air quality index.

Times are the ends of the right-closed periods, or with `label=start` their starts. The running 24 hours are made when
asked, from the stored hours; all else is stored.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from quart import Blueprint, Response, request

from actors.hour_products import longer_products
from actors.product_plan import plan_station
from actors.rules.defaults import load_elements
from actors.versions import product_of
from protocols.times import DAY_S, HOUR_S, iso, iso_ms
from protocols.vocabulary import Period, StationKind
from storage.models import StationRow
from storage.products import StoredProduct, hours_in_use, indexes_in_use, longer_in_use
from web.air import index_shape
from web.answers import answer
from web.asking import span
from web.deps import WebDeps
from web.refusals import bad_value
from web.stations import station_named

LENGTH_S = {
    Period.HOUR: HOUR_S,
    Period.EIGHT_HOURS: 8 * HOUR_S,
    Period.DAY_RUNNING: DAY_S,
    Period.DAY: DAY_S,
    Period.HYDROMET_DAY: DAY_S,
}
INDEX_PERIODS = {"hour": Period.HOUR, "1h": Period.HOUR, "day": Period.DAY}
LABELS = ("end", "start")
MADE_WHEN_ASKED = 0
"""What has no moment of its own making."""

Found = Iterable[tuple[int, str, StoredProduct]]


def product_routes(deps: WebDeps) -> Blueprint:
    """Routes of a station's products."""
    routes = Blueprint("products", __name__, url_prefix="/api/v1/stations/<path:code>")

    @routes.get("/means")
    async def means(code: str) -> Response:
        period, is_start = (
            Period(_choice("period", list(Period), Period.HOUR)),
            _choice("label", LABELS, "end") == "start",
        )
        from_s, to_s = span(deps.now())
        station = await station_named(deps, code)
        parameter = request.args.get("parameter", "")
        found = (
            await _running_days(deps, station, from_s, to_s)
            if period is Period.DAY_RUNNING
            else (_each((await _stored(station.id, period, from_s, to_s)).get(station.id, {})))
        )
        shift_s = LENGTH_S[period] if is_start else 0
        return answer(
            [product_shape(end_s - shift_s, name, row) for end_s, name, row in found if parameter in ("", name)]
        )

    @routes.get("/aqi")
    async def aqi(code: str) -> Response:
        period = INDEX_PERIODS[_choice("period", list(INDEX_PERIODS), "hour")]
        from_s, to_s = span(deps.now())
        station = await station_named(deps, code)
        rows = (await indexes_in_use([station.id], period, from_s, to_s)).get(station.id, {})
        return answer([index_shape(end_s, rows[end_s], is_day=period is Period.DAY) for end_s in sorted(rows)])

    return routes


def product_shape(time_s: int, parameter: str, row: StoredProduct) -> dict[str, Any]:
    """One product; `wind_kind` is null for what is no direction."""
    return {
        "time": iso(time_s),
        "parameter": parameter,
        "value": row.value,
        "kind": row.kind,
        "wind_kind": row.wind_kind or None,
        "unit": row.unit,
        "flag": row.flag,
        "count": row.members,
        "expected": row.expected,
        "version": row.version,
        "made": None if row.made_ms == MADE_WHEN_ASKED else iso_ms(row.made_ms),
        "reason": row.reason,
    }


async def _stored(
    station_id: int, period: Period, from_s: int, to_s: int
) -> Mapping[int, Mapping[int, Mapping[str, StoredProduct]]]:
    if period is Period.HOUR:
        return await hours_in_use([station_id], from_s, to_s)
    return await longer_in_use([station_id], period, from_s, to_s)


async def _running_days(deps: WebDeps, station: StationRow, from_s: int, to_s: int) -> Found:
    """The 24 hours that end with each hour that is there; the version is the newest of its hours."""
    parameters = await deps.queries.parameters(station.id)
    plan = plan_station(parameters, StationKind(station.kind), station.cadence_s, load_elements(), station.products)
    rows = (await hours_in_use([station.id], from_s - DAY_S + HOUR_S, to_s)).get(station.id, {})
    hours = {end_s: {name: product_of(name, row) for name, row in hour.items()} for end_s, hour in rows.items()}
    found: list[tuple[int, str, StoredProduct]] = []
    for end_s in sorted(end_s for end_s in hours if end_s >= from_s):
        for each in longer_products(plan, end_s, DAY_S, hours):
            ends = range(end_s - DAY_S + HOUR_S, end_s + 1, HOUR_S)
            version = max(hours[at][each.parameter].version for at in ends if each.parameter in hours.get(at, {}))
            row = StoredProduct(
                version, each.value, each.unit, int(each.flag), each.count, each.expected, MADE_WHEN_ASKED, "",
                str(each.kind), each.wind_kind, None,
            )  # fmt: skip
            found.append((end_s, each.parameter, row))
    return found


def _each(rows: Mapping[int, Mapping[str, StoredProduct]]) -> Found:
    return [(end_s, name, rows[end_s][name]) for end_s in sorted(rows) for name in sorted(rows[end_s])]


def _choice(field: str, words: Iterable[str], default: str) -> str:
    text = request.args.get(field, "") or default
    known = [str(word) for word in words]
    if text not in known:
        raise bad_value(field, f"{text!r} is not one of {', '.join(known)}")
    return text
