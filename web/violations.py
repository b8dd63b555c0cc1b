"""Violations of a vehicle as the API and its page show them: stored, running, and of its drivers' hours.

Hours belong to a licence: what a driver drove in several vehicles is told with each of them, one row of the database.
Invariant: a case is told once, as it stands now; `closed` says whether it may still change.
"""

from collections.abc import Mapping
from typing import Any

from actors.driver_hours import OF_THE_DRIVER
from actors.messages import ViolationFound
from actors.violation_rows import found_of
from protocols.times import iso
from storage.models import VehicleRow
from storage.registry import is_within
from web.deps import WebDeps
from web.scope import scope_asking

FIELDS = ("driver", "v_kmh", "limit_kmh", "excess_kmh", "band", "places")
"""Of a case; null where its kind has none."""


async def violations_of(deps: WebDeps, vehicle: VehicleRow, from_s: int, to_s: int) -> list[dict[str, Any]]:
    """All violations of a vehicle that overlap a time, by their start."""
    rows = await deps.queries.violations(vehicle.id, from_s, to_s)
    cases = [(row.id, found_of(row)) for row in rows if row.kind not in OF_THE_DRIVER]
    cases += await deps.hours.of_vehicle(vehicle.id, vehicle.plate, from_s, to_s)
    running = deps.board.open_violations(f"vehicle:{vehicle.plate}")
    shown = [violation_shape(row_id, case, deps.article(case.kind, case.start_s)) for row_id, case in cases]
    shown += [
        violation_shape(None, case, deps.article(case.kind, case.start_s))
        for case in running
        if case.start_s <= to_s and (case.end_s is None or case.end_s >= from_s)
    ]
    for case in shown:
        case["vehicles"] = await _seen(case.get("vehicles"), vehicle.plate)
    return sorted(shown, key=lambda case: str(case["start"]))


async def _seen(plates: Any, own: str) -> list[str]:
    """The vehicles of a case that the person asking may know of."""
    scope = scope_asking()
    return [plate for plate in plates or [own] if scope is None or plate == own or await is_within(scope, plate)]


def violation_shape(row_id: int | None, case: ViolationFound, article: str) -> dict[str, Any]:
    """One case; a running one has no row yet."""
    detail: dict[str, Any] = {key: value for key, value in case.detail.items() if key != "vehicle_ids"}
    worst = detail.pop("time_worst_s", detail.pop("time_worst", None))
    return {
        "id": None if row_id is None else str(row_id),
        "kind": str(case.kind),
        "start": iso(case.start_s),
        "end": None if case.end_s is None else iso(case.end_s),
        "duration_s": None if case.end_s is None else case.end_s - case.start_s,
        **dict.fromkeys(FIELDS),
        **({"driver": case.driver} if case.driver else {}),
        **_moments(detail),
        "time_worst": iso(worst) if isinstance(worst, int | float) else worst,
        "closed": case.closed,
        "article": article,
    }


def _moments(detail: Mapping[str, Any]) -> dict[str, Any]:
    """What was stored as seconds or milliseconds is told as a time."""
    told = dict(detail)
    if isinstance(received_ms := told.pop("received_ms", None), int):
        told["received"] = iso(received_ms / 1000)
    if isinstance(newest_s := told.pop("newest_s", None), int):
        told["newest"] = iso(newest_s)
    return told
