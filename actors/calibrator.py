"""Proposes thresholds each night for series that have a month of data: stored for people to approve or reject.

One series at a time is read, so memory is that of a month of it; the series that waited longest come first, and a night
takes so many of them. A series is proposed for again a month after the last time.
Invariant: a proposal changes no threshold.
"""

from collections.abc import Iterable
from typing import NamedTuple

from actors.kernel.clock import Now
from actors.rules.calibration import Calibration, calibrate
from actors.rules.defaults import Element, Table, find_element
from protocols.times import DAY_S
from protocols.vocabulary import Flag, StationKind
from storage.database import Database
from storage.layers import effective_span
from storage.models import ParameterRow, ReadingRow, StationRow, ThresholdProposalRow, ThresholdVersionRow
from storage.reading import reading
from storage.threshold_versions import latest_versions

MONTH_DAYS = 30
SERIES_A_NIGHT = 600
OPEN, SUPERSEDED = "open", "superseded"
MADE = "SELECT station_id, parameter, MAX(made_ms) AS made_ms FROM threshold_proposals GROUP BY station_id, parameter"


class Due(NamedTuple):
    """A series whose turn it is."""

    made_ms: int
    station: StationRow
    row: ParameterRow
    version_id: int


class Calibrator:
    """Reads a month of each due series."""

    def __init__(self, database: Database, elements: Iterable[Element], now: Now) -> None:
        self._database = database
        self._elements = tuple(elements)
        self._now = now
        self._told: dict[tuple[int, str], int] = {}
        """Series that had nothing to say, and when; they are asked again in a month, or after a restart."""
        self._started: dict[int, int] = {}

    @reading
    async def night(self) -> int:
        """Propose for the series that are due; returns how many proposals were made."""
        now_s = int(self._now())
        made = 0
        for due in (await self._due(now_s))[:SERIES_A_NIGHT]:
            found = await self._calibrated(due, now_s)
            self._told[due.station.id, due.row.symbol] = now_s * 1000
            if found is not None:
                await self._keep(due, found, now_s * 1000)
                made += 1
        return made

    async def _due(self, now_s: int) -> list[Due]:
        connection = self._database.connection()
        rows = await connection.execute_query_dict(MADE)
        made = {(row["station_id"], row["parameter"]): row["made_ms"] for row in rows}
        versions = await latest_versions(self._database)
        stations = {row.id: row for row in await StationRow.all()}
        month_ms = MONTH_DAYS * DAY_S * 1000
        found: list[Due] = []
        for row in await ParameterRow.all().order_by("id"):
            key, station = (row.station_id, row.symbol), stations.get(row.station_id)
            version = versions.get(key)
            if station is None or version is None or not await self._has_a_month(station.id, now_s):
                continue
            last_ms = max(made.get(key, 0), self._told.get(key, 0))
            if last_ms <= now_s * 1000 - month_ms:
                found.append(Due(last_ms, station, row, version.id))
        return sorted(found, key=lambda due: due.made_ms)

    async def _has_a_month(self, station_id: int, now_s: int) -> bool:
        """Whether a station's readings reach back a month; what was seen once is known."""
        first_s = self._started.get(station_id)
        if first_s is None:
            first = await ReadingRow.filter(station_id=station_id).order_by("time_s").first()
            if first is None:
                return False
            first_s = self._started[station_id] = first.time_s
        return first_s <= now_s - MONTH_DAYS * DAY_S

    async def _calibrated(self, due: Due, now_s: int) -> Calibration | None:
        station, row = due.station, due.row
        layers = await effective_span([station.id], now_s - MONTH_DAYS * DAY_S, now_s, row.symbol)
        layer = layers.get(station.id)
        values = [] if layer is None else layer.readings.get(row.symbol, [])
        points = [
            (value.time_s, value.value)
            for value in values
            if value.flag is Flag.GOOD and value.value is not None and not value.decided
        ]
        version = await ThresholdVersionRow.get(id=due.version_id)
        return calibrate(points, version.tables, self._defaults(station, row), station.cadence_s)

    def _defaults(self, station: StationRow, row: ParameterRow) -> dict[str, Table]:
        element = find_element(self._elements, row.symbol, row.unit, StationKind(station.kind))
        return {} if element is None else element.tables(station.cadence_s, only_suspect=True)

    async def _keep(self, due: Due, found: Calibration, made_ms: int) -> None:
        station_id, parameter = due.station.id, due.row.symbol
        async with self._database.writing():
            earlier = ThresholdProposalRow.filter(station_id=station_id, parameter=parameter, state=OPEN)
            await earlier.update(state=SUPERSEDED)
            await ThresholdProposalRow.create(
                station_id=station_id,
                parameter=parameter,
                made_ms=made_ms,
                tables=found.tables,
                was=found.was,
                evidence=found.evidence,
            )
