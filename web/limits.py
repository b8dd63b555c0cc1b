"""Limits: what each parameter of a station may reach and how that came about; the presets that inventories may name."""

from collections.abc import Iterator
from typing import Any

from quart import Blueprint, Response, request

from actors.rules.limit_presets import Factor, Preset, PresetBook, load_presets
from actors.rules.limit_settling import FACTORS, SettledLimit, limit_in_force, limit_tables, settle_limits
from protocols.times import iso, iso_ms
from protocols.vocabulary import ExceedanceLevel, ExceedanceState
from storage.exceedances import all_exceedances, station_codes, station_exceedances, station_names
from storage.models import ExceedanceRow, ParameterRow
from web.answers import answer
from web.asking import page, span
from web.deps import WebDeps
from web.look import Look
from web.refusals import bad_value
from web.shapes import maybe_iso
from web.sources import TOTAL_COUNT
from web.stations import station_named

SHOWN = 300
LEVELS = [str(level) for level in reversed(ExceedanceLevel)]


def limit_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of limits."""
    routes = Blueprint("limits", __name__)
    book = load_presets()

    @routes.get("/api/v1/stations/<path:code>/limits")
    async def limits(code: str) -> Response:
        station = await station_named(deps, code)
        parameters = await deps.queries.parameters(station.id)
        return answer([limit for row in parameters for limit in parameter_limits(row, book, deps.now())])

    @routes.get("/api/v1/stations/<path:code>/exceedances")
    async def station(code: str) -> Response:
        from_s, to_s = span(deps.now())
        row = await station_named(deps, code)
        asked = request.args.get("averaging", ""), request.args.get("parameter", "")
        rows = [
            each
            for each in await station_exceedances(row.id, from_s, to_s)
            if asked[0] in ("", each.averaging) and asked[1] in ("", each.parameter)
        ]
        return answer([exceedance_shape(each, row.code) for each in rows])

    @routes.get("/api/v1/exceedances")
    async def exceedances() -> Response:
        window, state = page(), request.args.get("state", "")
        if state and state not in list(ExceedanceState):
            raise bad_value("state", f"{state!r} is none of {', '.join(ExceedanceState)}")
        rows, count = await all_exceedances(state, window.limit, window.offset)
        codes = await station_codes({row.station_id for row in rows})
        shaped = [exceedance_shape(row, codes.get(row.station_id, "")) for row in rows]
        return answer(shaped, headers={TOTAL_COUNT: str(count)})

    @routes.get("/exceedances")
    async def exceedances_page() -> Response:
        state = request.args.get("state", "")
        rows, count = await all_exceedances(state if state in list(ExceedanceState) else "", SHOWN, 0)
        codes = await station_codes({row.station_id for row in rows})
        shaped = [exceedance_shape(row, codes.get(row.station_id, "")) for row in rows]
        return await look.page(
            "exceedances.html",
            rows=sorted(shaped, key=urgency),
            names=await station_names({row.station_id for row in rows}),
            count=count,
            state=state,
            states=list(ExceedanceState),
        )

    @routes.get("/api/v1/limits/presets")
    async def presets() -> Response:
        return answer(
            {
                "presets": [preset_shape(preset) for preset in book.presets.values()],
                "factors": [factor_shape(factor) for factor in book.factors],
            }
        )

    return routes


def parameter_limits(row: ParameterRow, book: PresetBook, now_s: float) -> Iterator[dict[str, Any]]:
    """A line for each limit of a parameter and each averaging it is held against."""
    settled = settle_limits(limit_tables(row.limit), row.symbol, row.unit, book)
    for each in settled:
        for averaging in each.limit.averaging:
            in_force = limit_in_force(settled, averaging, now_s) is each
            yield limit_shape(row.symbol, averaging, each, in_force=in_force)


def urgency(row: dict[str, Any]) -> int:
    """What is surely beyond its limit comes first, of equals the newest."""
    return LEVELS.index(row["level"])


def exceedance_shape(row: ExceedanceRow, code: str) -> dict[str, Any]:
    """One exceedance; `end` is null while it goes on, `last` the newest value of it."""
    return {
        "id": str(row.id),
        "station": code,
        "parameter": row.parameter,
        "averaging": row.averaging,
        "level": row.level,
        "state": row.state,
        "start": iso(row.start_s),
        "end": maybe_iso(row.end_s),
        "last": iso(row.last_s),
        "worst": row.worst,
        "worst_time": iso(row.worst_s),
        "cmax": row.high,
        "low": row.low,
        "unit": row.unit,
        "count": row.count,
        "noticed": iso_ms(row.noticed_ms),
        "updated": iso_ms(row.updated_ms),
    }


def limit_shape(parameter: str, averaging: str, settled: SettledLimit, *, in_force: bool) -> dict[str, Any]:
    """One settled limit; `cmax` is null where only a lower end is given, `valid_to` the first day without it."""
    limit = settled.limit
    return {
        "parameter": parameter,
        "averaging": str(averaging),
        "unit": settled.unit,
        "cmax": limit.cmax,
        "low": limit.low,
        "value": limit.value,
        **{name: getattr(limit, name) for name in FACTORS},
        "scaled": limit.scaled,
        "o2_ref": limit.o2_ref,
        "o2_refused_from": None if limit.o2_ref is None else limit.o2_refused_from,
        "approach": limit.approach,
        "tendency_s": limit.tendency_s,
        "how": settled.how,
        "factors_from": dict(settled.reasons),
        "preset": settled.preset,
        "permit": settled.permit,
        "document": settled.document,
        "article": settled.article,
        "confidence": settled.confidence,
        "note": settled.note,
        "valid_from": settled.valid_from and settled.valid_from.isoformat(),
        "valid_to": settled.valid_to and settled.valid_to.isoformat(),
        "in_force": in_force,
    }


def preset_shape(preset: Preset) -> dict[str, Any]:
    """One document's table."""
    return {
        "name": preset.name,
        "document": preset.document,
        "article": preset.article,
        "kinds": preset.kinds,
        "columns": preset.columns,
        "factors": preset.factors,
        "valid_from": preset.valid_from,
        "valid_to": preset.valid_to,
        "note": preset.note,
        "rows": [
            {
                "column": row.column,
                "parameter": row.parameter,
                "unit": row.unit,
                "lo": row.lo,
                "hi": row.hi,
                "scaled": row.scaled,
                "averaging": row.averaging,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
                "confidence": row.confidence,
                "note": row.note,
            }
            for row in preset.rows
        ],
    }


def factor_shape(factor: Factor) -> dict[str, Any]:
    """One factor's table."""
    return {
        "name": factor.name,
        "basis": factor.basis,
        "document": factor.document,
        "article": factor.article,
        "confidence": factor.confidence,
        "note": factor.note,
        "steps": [{"up_to": step.up_to, "word": step.word, "value": step.value} for step in factor.steps],
    }
