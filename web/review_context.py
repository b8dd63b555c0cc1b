"""What a reviewer sees around an episode: its series, the station's other parameters, the neighbours, what is known.

Invariant: only reads, and the span is bounded however long the episode is.
"""

from math import cos, radians
from typing import Any

from actors.rules.distance import distance_m
from protocols.times import HOUR_S, iso
from storage.layers import Effective, effective_span
from storage.models import EpisodeRow, StationRow
from storage.review import (
    earlier_decisions,
    faults_of,
    journal_of,
    parameters_of,
    records,
    stations_near,
    tickets_of,
)
from storage.review_cases import Case
from web.review_shapes import effective_shape, journal_shape, record_shape, ticket_shape

AROUND_S = 6 * HOUR_S
LONGEST_S = 7 * 24 * HOUR_S
NEIGHBOURS = 5
KM_PER_DEGREE = 111.0


async def context_of(case: Case, station: StationRow, now_ms: float, radius_km: float) -> dict[str, Any]:
    """All of the surroundings of a case, be it one episode or all that belong together; journal and tickets: of all."""
    row, last_s = case.lead, case.last_s
    from_s, to_s = max(case.first_s - AROUND_S, last_s - LONGEST_S), last_s + AROUND_S
    layer = (await effective_span([station.id], from_s - 1, to_s)).get(station.id)
    series = {} if layer is None else layer.readings
    own = series.pop(row.parameter, [])
    active = {one.time_s: one for one in own}
    stored = await records(station.id, row.parameter, from_s, to_s)
    parameter = next((one for one in await parameters_of(station.id) if one.symbol == row.parameter), None)
    within = [record for record in stored if case.first_s <= record.time_s <= last_s]
    files = await faults_of({record.file_id for record in within})
    return {
        "window": {"from": iso(from_s), "to": iso(to_s)},
        "values": [record_shape(record, case.tests, active.get(record.time_s)) for record in within],
        "series": [effective_shape(one) for one in own],
        "raw_series": [{"time": iso(one.time_s), "value": one.value, "flag": one.flag} for one in stored],
        "others": [_line(name, values) for name, values in sorted(series.items())],
        "neighbours": await _neighbours(row, station, from_s, to_s, radius_km),
        "device_statuses": sorted({record.device_status for record in within}),
        "limits": None if parameter is None else {
            "unit": parameter.unit,
            "measuring_range": parameter.measuring_range,
            "detection_limit": parameter.detection_limit,
            "limit": parameter.limit,
            "qc": parameter.qc,
        },
        "faults": [{"file": str(file.id), "name": file.name, "faults": file.faults[:5]} for file in files
                   if file.faults],
        "tickets": [ticket_shape(ticket, now_ms) for one in case.episodes for ticket in await tickets_of(one.id)],
        "journal": [journal_shape(act, station) for one in case.episodes for act in await journal_of(one.id)],
        "earlier": [journal_shape(act, station) for act in await earlier_decisions(row)],
    }  # fmt: skip


async def _neighbours(
    row: EpisodeRow, station: StationRow, from_s: int, to_s: int, radius_km: float
) -> list[dict[str, Any]]:
    """The same parameter at the nearest stations within the radius."""
    if station.lat is None or station.lon is None:
        return []
    degrees = radius_km / KM_PER_DEGREE / max(0.2, cos(radians(station.lat)))
    near = []
    for other in await stations_near(station, degrees):
        if other.lat is not None and other.lon is not None:
            away_km = distance_m(station.lat, station.lon, other.lat, other.lon) / 1000
            if away_km <= radius_km:
                near.append((away_km, other))
    near.sort(key=lambda pair: (pair[0], pair[1].code))
    layers = await effective_span([other.id for _, other in near], from_s - 1, to_s, row.parameter)
    found = []
    for away_km, other in near:
        layer = layers.get(other.id)
        if layer is not None and (values := layer.readings.get(row.parameter)):
            found.append({**_line(row.parameter, values), "station": other.code, "name": other.name,
                          "distance_km": round(away_km, 1)})  # fmt: skip
    return found[:NEIGHBOURS]


def _line(name: str, values: list[Effective]) -> dict[str, Any]:
    unit = next((one.unit for one in values if one.unit), "")
    return {"parameter": name, "unit": unit, "values": [effective_shape(one) for one in values]}
