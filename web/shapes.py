"""The JSON shapes of the API: epoch seconds become ISO 8601 with +07:00, ids become text.

Invariant: a shape never decides; it renames and formats.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from actors.board import Balance, ForwardView, Outcome, ServiceView, SourceDetail, SourceView
from actors.rules.flags import outer_verdicts, overall
from actors.rules.syntax import CONVERTED, reasons_of
from actors.rules.waypoint_faults import WaypointFault, waypoint_faults
from protocols.times import iso, iso_ms
from protocols.verdict import describe
from protocols.vocabulary import Flag
from storage.models import FileRow, FlipRow, GapRow, HourlyRow, ParameterRow, ReadingRow, StationRow
from storage.queries import TrackPoint

MOMENTS_S = {
    "last_seen_s": "last_seen",
    "last_time_s": "last_time",
    "deadline_s": "deadline",
    "next_try_s": "next_try",
    "time_s": "time",
    "at_s": "at",
    "from_s": "from",
    "to_s": "to",
}
MOMENTS_MS = {"at_ms": "at", "received_ms": "received"}


def maybe_iso(time_s: float | None) -> str | None:
    """ISO 8601, or None for None."""
    return None if time_s is None else iso(time_s)


def plain_shape(data: Mapping[str, Any]) -> dict[str, Any]:
    """Rename and format the known moments of a loose mapping (pushed events, last values, crashes)."""
    shaped: dict[str, Any] = {}
    for key, value in data.items():
        if key in MOMENTS_S:
            shaped[MOMENTS_S[key]] = maybe_iso(value)
        elif key in MOMENTS_MS:
            shaped[MOMENTS_MS[key]] = None if value is None else iso_ms(value)
        else:
            shaped[key] = value
    return shaped


def source_shape(view: SourceView) -> dict[str, Any]:
    """One source of the list."""
    return {
        "id": view.id,
        "kind": view.kind,
        "name": view.name,
        "freshness": view.freshness,
        "actor": view.actor,
        "last_seen": maybe_iso(view.last_seen_s),
        "last_time": maybe_iso(view.last_time_s),
        "deadline": maybe_iso(view.deadline_s),
        "completeness_24h": view.completeness_24h,
        "worst_flag": view.worst_flag,
        "exceeding": view.exceeding,
        "delivery": view.delivery,
        "queued": view.queued,
        "exceedance": view.exceedance,
    }


def detail_shape(detail: SourceDetail) -> dict[str, Any]:
    """One source with all that is known of it now."""
    return {
        **source_shape(detail.view),
        "counters": detail.counters,
        "last_values": [plain_shape(value) for value in detail.last_values],
        "restarts": detail.restarts,
        "stopped_by": detail.stopped_by,
        "next_try": maybe_iso(detail.next_try_s),
        "crashes": [plain_shape(crash) for crash in detail.crashes],
    }


def service_shape(view: ServiceView) -> dict[str, Any]:
    """One intake, forwarder or clock."""
    return {
        "id": view.id,
        "name": view.name,
        "actor": view.actor,
        "restarts": view.restarts,
        "next_try": maybe_iso(view.next_try_s),
        "detail": view.detail,
        "statistics": view.statistics,
    }


def forward_shape(view: ForwardView) -> dict[str, Any]:
    """One destination."""
    return {
        "name": view.name,
        "kind": view.kind,
        "state": view.state,
        "queued": view.queued,
        "oldest_age_s": view.oldest_age_s,
        "last_error": view.last_error,
        "deadline_misses_today": view.deadline_misses_today,
        "deadline_misses_by_day": view.late_days,
        "p50_s": view.p50_s,
        "p99_s": view.p99_s,
        "deadline_s": view.deadline_s,
        "due": view.due,
        "forwarded": view.forwarded,
        "waiting": view.due - view.forwarded - view.refused,
        "refused": view.refused,
    }


def balance_shape(balance: Balance) -> dict[str, Any]:
    """The conservation strip; the same as the command line's `audit`."""
    return {
        "balanced": balance.balanced,
        "files": balance.files,
        "waypoints": balance.waypoints,
        "destinations": balance.destinations,
    }


def outcome_shape(outcome: Outcome) -> dict[str, Any]:
    """What an operator's action did."""
    return {
        "took_ms": round(outcome.took_ms, 1),
        "state": outcome.state,
        "reread": outcome.reread,
        "lost": outcome.lost,
    }


def reading_shape(row: ReadingRow) -> dict[str, Any]:
    """One judged value."""
    return {
        "time": iso(row.time_s),
        "parameter": row.parameter,
        "value": row.value,
        "raw": row.raw_text,
        "unit": row.raw_unit if "unit" in (reasons := reasons_of(row.reasons)) else row.unit,
        "raw_unit": row.raw_unit,
        "device_status": row.device_status,
        "flag": int(overall(Flag(row.flag), row.outer_flags)),
        **describe(row.verdict),
        "tests": {**row.tests, **{test: int(flag) for test, flag in outer_verdicts(row.outer_flags).items()}},
        "reasons": [reason for reason in reasons if reason != CONVERTED],
        "converted": CONVERTED in reasons,
        "file": str(row.file_id),
        "line": row.line,
    }


def hourly_shape(row: HourlyRow) -> dict[str, Any]:
    """One hourly product; `time` is the end of its hour, `wind_kind` null for what is no direction."""
    return {
        "time": iso(row.hour_s),
        "parameter": row.parameter,
        "value": row.value,
        "kind": row.kind,
        "wind_kind": row.wind_kind or None,
        "unit": row.unit,
        "flag": row.flag,
        "count": row.count,
        "expected": row.expected,
        "version": row.version,
        "made": iso_ms(row.made_ms),
        "reason": row.reason,
    }


def gap_shape(row: GapRow) -> dict[str, Any]:
    """One hole in a series."""
    return {
        "parameter": row.parameter,
        "from": iso(row.from_s),
        "to": maybe_iso(row.to_s),
        "missing": row.missing,
        "state": row.state,
    }


def file_shape(row: FileRow) -> dict[str, Any]:
    """One file as it came, without its bytes."""
    return {
        "id": str(row.id),
        "name": row.name,
        "path": row.path,
        "received": iso_ms(row.received_ms),
        "time": maybe_iso(row.time_s),
        "account": row.account,
        "protocol": row.protocol,
        "address": row.address,
        "size": row.size,
        "sha256": row.sha256,
        "fate": row.fate,
        "reason": row.reason,
        "layout": row.layout,
        "records": row.records,
        "faults": row.faults,
    }


def format_shape(station: StationRow, file: FileRow | None, parameters: Iterable[ParameterRow]) -> dict[str, Any]:
    """In which layout a station writes: the one pinned by its profile, the one last seen, and its spellings."""
    return {
        "profile": station.profile,
        "layout": file.layout if file else None,
        "file": str(file.id) if file else None,
        "received": iso_ms(file.received_ms) if file else None,
        "parameters": [
            {"symbol": row.symbol, "unit": row.unit, "aliases": row.aliases, "syntax": row.qc.get("syntax")}
            for row in parameters
        ],
    }


def flip_shape(row: FlipRow) -> dict[str, Any]:
    """One change of freshness."""
    return {"id": str(row.id), "was": row.was, "now": row.now, "at": iso(row.at_s), "reason": row.reason}


def faults_of(point: TrackPoint) -> tuple[WaypointFault, ...]:
    """What is visibly wrong with a position."""
    return waypoint_faults(point.waypoint, point.received_ms // 1000)


def waypoint_shape(point: TrackPoint, provider: str = "") -> dict[str, Any]:
    """One position, as the tracker sent it, with what is visibly wrong with it."""
    sent = point.waypoint
    return {
        "id": str(point.id),
        "time": iso(sent.time_s),
        "received": iso_ms(point.received_ms),
        "speed_kmh": sent.speed_kmh,
        "lon": sent.x_lon,
        "lat": sent.y_lat,
        "driver": sent.driver,
        "heading_deg": sent.heading_deg,
        "ignition": sent.ignition,
        "door": sent.door,
        "aircon": sent.aircon,
        "provider": provider,
        "faults": [str(fault) for fault in faults_of(point)],
    }
