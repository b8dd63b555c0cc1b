"""Which series are looked at for slow drift, read off the inventory: those with a `qc.cusum` or `qc.pelt` table.

A series with a spatial test and enough stations around it is looked at as its difference to their median.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from actors.drift_judge import DriftSeries
from actors.rules.cusum import CusumThresholds
from actors.rules.defaults import Element, find_element
from actors.rules.distance import distance_m, is_position
from actors.rules.drift import DriftThresholds, PeltTable
from actors.rules.spatial import SpatialThresholds
from protocols.vocabulary import StationKind
from storage.models import ParameterRow, StationRow

T = TypeVar("T")


async def drift_series(elements: Iterable[Element], station_id: int | None = None) -> list[DriftSeries]:
    """All series to look at, of all stations or of one."""
    stations = {row.id: row for row in await StationRow.all()}
    parameters = await ParameterRow.all().order_by("station_id", "id")
    known = tuple(elements)
    carriers: dict[tuple[str, str], list[StationRow]] = {}
    for row in parameters:
        if row.station_id in stations:
            carriers.setdefault((row.symbol, row.unit), []).append(stations[row.station_id])
    return [
        series_of(row, stations[row.station_id], carriers[row.symbol, row.unit], known)
        for row in parameters
        if row.station_id in stations
        and station_id in (None, row.station_id)
        and ({"cusum", "pelt"} & {test for test, table in row.qc.items() if table is not False})
    ]


def series_of(
    row: ParameterRow, station: StationRow, carriers: Iterable[StationRow], elements: Iterable[Element]
) -> DriftSeries:
    """Settle one series."""
    day = _read(row.qc, "drift", DriftThresholds.from_table) or DriftThresholds()
    spatial = _spatial(row, station, elements)
    around = _around(station, carriers, spatial) if day.neighbours and spatial is not None else ()
    n_min = 3 if spatial is None else spatial.n_min
    return DriftSeries(
        station.id,
        row.symbol,
        station.cadence_s,
        _read(row.qc, "cusum", CusumThresholds.from_table),
        _read(row.qc, "pelt", PeltTable.from_table),
        day,
        around if len(around) >= n_min else (),
        n_min,
    )


def _read(tables: Mapping[str, object], test: str, read: Callable[[Mapping[str, object]], T]) -> T | None:
    table = tables.get(test)
    return read(table) if isinstance(table, Mapping) else None


def _spatial(row: ParameterRow, station: StationRow, elements: Iterable[Element]) -> SpatialThresholds | None:
    own = row.qc.get("spatial")
    if own is False:
        return None
    if isinstance(own, Mapping):
        return SpatialThresholds.from_table(own)
    element = find_element(elements, row.symbol, row.unit, StationKind(station.kind))
    table = None if element is None else element.tests.get("spatial")
    return None if table is None else SpatialThresholds.from_table(table)


def _around(station: StationRow, carriers: Iterable[StationRow], limits: SpatialThresholds) -> tuple[int, ...]:
    lat, lon = station.lat, station.lon
    if lat is None or lon is None or not is_position(lat, lon):
        return ()
    near: list[int] = []
    for other in carriers:
        if other.id == station.id or other.lat is None or other.lon is None:
            continue
        heights = (station.elevation_m, other.elevation_m)
        if None not in heights and abs((heights[0] or 0.0) - (heights[1] or 0.0)) > limits.dz_max_m:
            continue
        if distance_m(lat, lon, other.lat, other.lon) <= limits.radius_m:
            near.append(other.id)
    return tuple(sorted(near))
