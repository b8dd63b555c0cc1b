"""The averaging clock over a store of its own, without actors: readings are put as the actors leave them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from actors.averaging import AveragingClock
from actors.kernel.loops import Bridge
from actors.products import OnMade
from actors.station_profile import StationProfile, settle
from protocols.times import HOUR_S, hour_end
from storage.database import Database
from storage.ids import Ids, load_ids
from storage.models import AqiRow, HourlyRow, LongerProductRow, ParameterRow, StationRow
from storage.tables import tables
from storage.writer import Unit, Writer
from tests.storage.stores import opened

MIDNIGHT_S = 1_774_026_000
"""2026-03-21 00:00:00 in Vietnam."""
STATION, CADENCE_S = 1, 600
UNITS = {"PM2.5": "ug/m3", "O3": "ug/m3", "CO": "mg/m3", "WindDir": "độ", "WindSpeed": "m/s", "R": "mm"}
Values = Mapping[tuple[str, int], float | None]
"""(parameter, time) -> value."""


def air_profile(**changes: Any) -> StationProfile:
    """An air station with wind and rain."""
    row = StationRow(
        id=STATION, code="HY_KHI", kind="air", cadence_s=CADENCE_S, grace_s=120, destinations=[], **changes
    )
    rows = [
        ParameterRow(id=at, station_id=STATION, symbol=symbol, unit=unit, qc={})
        for at, (symbol, unit) in enumerate(UNITS.items(), 1)
    ]
    return settle(row, rows, [])


class Clock:
    """A clock whose time a test moves."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        ids: Ids,
        profile: StationProfile,
        on_made: tuple[OnMade, ...] = (),
    ) -> None:
        self.database = database
        self.writer = writer
        self.ids = ids
        self.profile = profile
        self.now_s = 0.0
        self.columns = tables()["readings"].columns
        self.averaging = AveragingClock(
            lambda: self.now_s, Bridge().host, writer, ids, {STATION: profile}.get, dict, lambda names: None, on_made
        )

    async def put(self, values: Values, flag: int = 1, since_s: int = 0) -> None:
        """Store readings and touch their hours, at some time, in one transaction."""
        unit = Unit()
        for (parameter, time_s), value in values.items():
            row: dict[str, Any] = dict.fromkeys(self.columns, 0) | {
                "id": self.ids.take("readings"), "station_id": STATION, "parameter": parameter, "time_s": time_s,
                "value": value, "raw_text": str(value), "unit": UNITS[parameter], "raw_unit": "", "device_status": "00",
                "flag": flag,
            }  # fmt: skip
            unit.add("readings", tuple(row[column] for column in self.columns))
        for hour_s in sorted({hour_end(time_s) for _, time_s in values}):
            unit.add("dirty_hours", (self.ids.take("dirty_hours"), STATION, hour_s, since_s * 1000))
        await self.writer.store(unit)

    async def make(self, now_s: float) -> None:
        """Make everything that is due then."""
        self.now_s = now_s
        while await self.averaging._make_due():
            pass


@asynccontextmanager
async def clock_over(url: str, profile: StationProfile | None = None) -> AsyncGenerator[Clock, None]:
    """A clock over an empty store."""
    async with opened(url) as (database, writer):
        yield Clock(database, writer, await load_ids(database), profile or air_profile())


def day_of_values(start_s: int, hours: int) -> dict[tuple[str, int], float | None]:
    """Everything that the station measures, changing with the hours; a calm night and a wet evening."""
    values: dict[tuple[str, int], float | None] = {}
    for time_s in range(start_s + CADENCE_S, start_s + hours * HOUR_S + 1, CADENCE_S):
        slot = (time_s - start_s) // CADENCE_S
        values |= {
            ("PM2.5", time_s): 20.0 + slot % 37,
            ("O3", time_s): 60.0 + slot % 50,
            ("CO", time_s): 0.8 + slot % 5 / 10,
            ("WindDir", time_s): float((350 + slot * 7) % 360),
            ("WindSpeed", time_s): slot % 30 / 10,
            ("R", time_s): 0.2 if slot % 12 > 7 else 0.0,
        }
    return values


async def in_use() -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Everything in use, without versions, reasons and moments of making."""
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in await HourlyRow.all().order_by("version"):
        facts = (row.value, row.unit, row.flag, row.count, row.expected, row.kind, row.wind_kind)
        found["1h", row.parameter, row.hour_s] = facts
    for longer in await LongerProductRow.all().order_by("version"):
        key = (longer.period, longer.parameter, longer.end_s)
        found[key] = (
            longer.value,
            longer.unit,
            longer.flag,
            longer.count,
            longer.expected,
            longer.kind,
            longer.wind_kind,
        )
    for index in await AqiRow.all().order_by("version"):
        found["aqi", index.period, index.end_s] = (index.aqi, index.main, index.sub, index.nowcast)
    return found
