"""What a station is judged with: in use and before, changed by hand, and what its data propose."""

from collections.abc import Mapping, Sequence
from typing import Any

from quart import Blueprint, Response, request

from actors.rules.threshold_tables import ProposalDecided, TablesRefused
from protocols.times import iso_ms
from storage.models import StationRow, ThresholdProposalRow, ThresholdVersionRow
from storage.threshold_versions import proposals_of, versions_of
from web.access import person_asking
from web.answers import answer, body_of_request, text_field
from web.deps import WebDeps
from web.refusals import Refusal, bad_value, not_found
from web.stations import station_named


def version_shape(row: ThresholdVersionRow, before: ThresholdVersionRow | None = None) -> dict[str, Any]:
    """One version; `changed` names the tests whose tables differ from the version before."""
    was = {} if before is None else before.tables
    tests = sorted({*row.tables, *was})
    return {
        "version": row.id,
        "params_hash": row.params_hash,
        "valid_from": iso_ms(row.valid_from_ms),
        "who": row.who,
        "reason": row.reason,
        "changed": [] if before is None else [test for test in tests if row.tables.get(test) != was.get(test)],
        "tests": {test: {"origin": row.origins.get(test, "default"), "table": row.tables[test]} for test in row.tables},
    }


def parameter_shapes(rows: Sequence[ThresholdVersionRow], registered: Sequence[str]) -> list[dict[str, Any]]:
    """Per parameter what is in use and what was; `rows` newest first."""
    by_parameter: dict[str, list[ThresholdVersionRow]] = {symbol: [] for symbol in registered}
    for row in rows:
        by_parameter.setdefault(row.parameter, []).append(row)
    shaped = []
    for parameter, own in by_parameter.items():
        history = [version_shape(row, before) for row, before in zip(own, [*own[1:], None], strict=False)]
        current = history[0] if history else {}
        shaped.append({"parameter": parameter, "registered": parameter in registered, **current, "history": history})
    return shaped


def proposal_shape(row: ThresholdProposalRow, code: str = "") -> dict[str, Any]:
    """One proposal."""
    return {
        "id": row.id,
        **({"station": code} if code else {}),
        "parameter": row.parameter,
        "made": iso_ms(row.made_ms),
        "tables": row.tables,
        "was": row.was,
        "evidence": row.evidence,
        "state": row.state,
        "decided_by": row.decided_by,
        "decided": None if row.decided_ms is None else iso_ms(row.decided_ms),
        "reason": row.reason,
        "version": row.version_id,
    }


def threshold_routes(deps: WebDeps) -> Blueprint:
    """Routes of thresholds and proposals."""
    routes = Blueprint("thresholds", __name__, url_prefix="/api/v1")

    @routes.get("/stations/<path:code>/thresholds")
    async def thresholds(code: str) -> Response:
        station = await station_named(deps, code)
        symbols = [row.symbol for row in await deps.queries.parameters(station.id)]
        rows = await versions_of(station.id, request.args.get("parameter", ""))
        asked = request.args.get("parameter", "")
        return answer(parameter_shapes(rows, [symbol for symbol in symbols if asked in ("", symbol)]))

    @routes.post("/stations/<path:code>/thresholds")
    async def change(code: str) -> Response:
        station, body, person = await station_named(deps, code), await body_of_request(), person_asking()
        parameter, reason = text_field(body, "parameter", longest=48), _reason(body)
        tables = body.get("tables")
        if not isinstance(tables, dict) or not tables:
            raise bad_value("tables", 'tables must be an object such as {"step": {"s10": 2, "s60": 4}}')
        try:
            version = await deps.thresholds.change(station, parameter, tables, person.name, reason)
        except LookupError as error:
            raise not_found("parameter", parameter, "parameter") from error
        except TablesRefused as refused:
            return _faults(refused)
        if version is not None:
            detail = f"{parameter}: {', '.join(tables)}; version {version.params_hash}; {reason}"
            await deps.audit(person.name, "thresholds", f"station:{code}", detail)
        row = version or (await versions_of(station.id, parameter))[0]
        return answer({"parameter": parameter, "took_effect": version is not None, **version_shape(row)})

    @routes.get("/stations/<path:code>/proposals")
    async def of_station(code: str) -> Response:
        station = await station_named(deps, code)
        return answer(
            [proposal_shape(row) for row in await proposals_of(station.id, request.args.get("proposal_state", ""))]
        )

    @routes.get("/proposals")
    async def proposals() -> Response:
        rows = await proposals_of(None, request.args.get("proposal_state", ""))
        codes = dict(await StationRow.all().values_list("id", "code"))
        return answer([proposal_shape(row, str(codes.get(row.station_id, ""))) for row in rows])

    @routes.post("/proposals/<int:number>/approve")
    async def approve(number: int) -> Response:
        return await decide(number, "approve")

    @routes.post("/proposals/<int:number>/reject")
    async def reject(number: int) -> Response:
        return await decide(number, "reject")

    async def decide(number: int, verb: str) -> Response:
        person, reason = person_asking(), _reason(await body_of_request())
        act = deps.thresholds.approve if verb == "approve" else deps.thresholds.reject
        try:
            row = await act(number, person.name, reason)
        except LookupError as error:
            raise not_found("proposal", str(number), "id") from error
        except ProposalDecided as decided:
            raise Refusal(409, "decided", f"the proposal is {decided}", "id") from decided
        except TablesRefused as refused:
            return _faults(refused)
        await deps.audit(person.name, f"proposal_{verb}", f"proposal:{number}", f"{row.parameter}; {reason}")
        return answer(proposal_shape(row))

    return routes


def _reason(body: Mapping[str, Any]) -> str:
    reason = text_field(body, "reason", longest=300).strip()
    if not reason:
        raise bad_value("reason", "say why: the reason is kept with the version")
    return reason


def _faults(refused: TablesRefused) -> Response:
    """Every fault by its key; `detail` and `field` are of the first."""
    faults = [{"field": f"tables.{fault.field}", "detail": fault.detail} for fault in refused.faults]
    return answer({"error": "bad_value", **faults[0], "faults": faults}, 400)
