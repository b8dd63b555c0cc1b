"""Limits: what each parameter of a station may reach and how that came about; the presets that inventories may name."""

from collections.abc import Iterator
from typing import Any

from quart import Blueprint, Response

from actors.rules.limit_presets import Factor, Preset, PresetBook, load_presets
from actors.rules.limit_settling import FACTORS, SettledLimit, limit_in_force, limit_tables, settle_limits
from storage.models import ParameterRow
from web.answers import answer
from web.deps import WebDeps
from web.stations import station_named


def limit_routes(deps: WebDeps) -> Blueprint:
    """Routes of limits."""
    routes = Blueprint("limits", __name__)
    book = load_presets()

    @routes.get("/api/v1/stations/<path:code>/limits")
    async def limits(code: str) -> Response:
        station = await station_named(deps, code)
        parameters = await deps.queries.parameters(station.id)
        return answer([limit for row in parameters for limit in parameter_limits(row, book, deps.now())])

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
        "approach": limit.approach,
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
