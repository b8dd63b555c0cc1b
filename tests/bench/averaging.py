"""The averaging clock by itself: hours of a province made as they come due, with 12 hours behind them, and its day.

Counted is processor time of the whole process, SQLite's thread among it: at 50 times real time 1,400 stations bring 20
station-hours each second beside everything else. Readings stand in the store already, as the actors leave them.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from actors.averaging import AveragingClock
from actors.kernel.loops import Bridge
from actors.station_profile import StationProfile, settle
from protocols.times import HOUR_S
from storage.database import Database
from storage.ids import Ids
from storage.models import ParameterRow, StationRow
from storage.sqlite_engine import SqliteEngine
from storage.tables import tables
from storage.writer import Unit, Writer
from tests.bench.report import Report

NAME = "averaging"
CADENCE_S = 300
STATIONS, BEFORE, HOURS = 100, 12, 3
DAY_END_S = 1_800_032_400
FIRST_HOUR_S = DAY_END_S - (BEFORE + HOURS) * HOUR_S
PACE = 1400 / 72
"""Station-hours a second at 50 times real time."""
AIR = ("PM2.5", "PM10", "O3", "CO", "SO2", "NO2", "NO", "NOx", "Temp", "RH", "WindSpeed", "WindDir")
WATER = tuple(f"X{number}" for number in range(12))
COLUMNS = tables()["readings"].columns
UNITS = {"Temp": "oC", "RH": "%", "WindSpeed": "m/s", "WindDir": "độ"}


async def bench(report: Report) -> None:
    """Measure stations of water, and of air with their index."""
    for kind, symbols in (("wastewater", WATER), ("air", AIR)):
        with TemporaryDirectory() as folder:
            cpu_s, wall_s, day_s = await _measure(Path(folder), kind, symbols)
        report.add(NAME, f"{kind}: processor time of a station-hour of 12 parameters", cpu_s * 1e3, "ms")
        report.add(NAME, f"{kind}: share of one core at 50 times real time", cpu_s * PACE * 100, "%", "15")
        report.add(NAME, f"{kind}: station-hours a second at most", 1 / wall_s, "1/s", f"{PACE:.0f}")
        report.add(NAME, f"{kind}: processor time of a station-day of 12 parameters", day_s * 1e3, "ms")


async def _measure(folder: Path, kind: str, symbols: tuple[str, ...]) -> tuple[float, float, float]:
    database = await Database.open(f"sqlite://{folder}/trambox.db")
    await database.migrate()
    writer = Writer(SqliteEngine(folder / "trambox.db"), database.pen)
    await writer.open()
    try:
        return await _hours(writer, kind, symbols)
    finally:
        await writer.close()
        await database.close()


async def _hours(writer: Writer, kind: str, symbols: tuple[str, ...]) -> tuple[float, float, float]:
    profiles = {number: _profile(number, kind, symbols) for number in range(1, STATIONS + 1)}
    ids, clock_s = Ids({}), [0.0]
    clock = AveragingClock(
        lambda: clock_s[0], Bridge().host, writer, ids, profiles.get, dict, lambda names: None
    )  # fmt: skip
    cpu_s = wall_s = 0.0
    for hour_s in range(FIRST_HOUR_S, DAY_END_S, HOUR_S):
        await _put(writer, ids, symbols, hour_s)
        clock_s[0] = hour_s + 300.0
        started = process_time(), perf_counter()
        while await clock._make_due():
            await asyncio.sleep(0)
        if hour_s >= FIRST_HOUR_S + BEFORE * HOUR_S:
            cpu_s += process_time() - started[0]
            wall_s += perf_counter() - started[1]
    await _put(writer, ids, symbols, DAY_END_S)
    clock_s[0] = DAY_END_S + 300.0
    await clock._make_due()
    started_s = process_time()
    while await clock._make_due():
        await asyncio.sleep(0)
    day_s = process_time() - started_s
    return cpu_s / (HOURS * STATIONS), wall_s / (HOURS * STATIONS), day_s / STATIONS


async def _put(writer: Writer, ids: Ids, symbols: tuple[str, ...], hour_s: int) -> None:
    for at in range(1, STATIONS + 1, 50):
        unit = Unit()
        for station_id in range(at, at + 50):
            for table, rows in _rows(ids, station_id, symbols, hour_s).items():
                unit.rows.setdefault(table, []).extend(rows)
        await writer.store(unit)


def _profile(number: int, kind: str, symbols: tuple[str, ...]) -> StationProfile:
    row = StationRow(id=number, code=f"TB_{number}", kind=kind, cadence_s=CADENCE_S, grace_s=120, destinations=[])
    parameters = [
        ParameterRow(id=at, station_id=number, symbol=symbol, unit=UNITS.get(symbol, "ug/m3"), qc={})
        for at, symbol in enumerate(symbols, 1)
    ]
    return settle(row, parameters, [])


def _rows(ids: Ids, station_id: int, symbols: tuple[str, ...], hour_s: int) -> dict[str, list[tuple[Any, ...]]]:
    readings = list(_readings(ids, station_id, symbols, hour_s))
    return {"readings": readings, "dirty_hours": [(ids.take("dirty_hours"), station_id, hour_s, 0)]}


def _readings(ids: Ids, station_id: int, symbols: tuple[str, ...], hour_s: int) -> Iterator[tuple[Any, ...]]:
    same: dict[str, Any] = dict.fromkeys(COLUMNS, 0) | {
        "station_id": station_id, "device_status": "00", "flag": 1, "raw_text": "20.0", "raw_unit": "",
    }  # fmt: skip
    for time_s in range(hour_s - HOUR_S + CADENCE_S, hour_s + 1, CADENCE_S):
        for at, symbol in enumerate(symbols):
            value = 20.0 + (time_s // 300 + at * 7 + station_id) % 31
            own = {"id": ids.take("readings"), "parameter": symbol, "time_s": time_s, "value": value}
            row = same | own | {"unit": UNITS.get(symbol, "ug/m3")}
            yield tuple(row[column] for column in COLUMNS)
