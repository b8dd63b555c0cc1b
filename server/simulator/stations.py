"""Simulated stations: each writes a file per cadence and sends it, or not, as its part demands.

Timestamps are real: the slot of a file is the cadence's last full multiple. A file that could not be sent waits and
goes before newer ones, as in a logger's memory.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from protocols.times import HOUR_S
from protocols.vocabulary import StationKind
from server.simulator.curves import PROFILES
from server.simulator.files import Logger, StationFile
from server.simulator.parts import StationPart, Transport, renames_after_upload, station_part, station_transport
from server.simulator.uplinks import UPLINKS, Login, Refused, Unreachable, Uplink
from storage.entries import Inventory

FILES_BEFORE_SILENCE = 3
OUTAGE_FILES = 5
"""A late station sends this many files at once, after it could not for as many cadences."""
MEMORY_FILES = 10_000
REMEMBERED_HOURS, REMEMBERED_CADENCE_S = 4, 10
"""An air station brings its last hours first, so that there is an air index; where its instants are not too many."""
SPREAD = 0.25
"""Stations send within this share of the cadence after the slot, each at its own moment."""


@dataclass(slots=True)
class Tally:
    """What became of the files, counted by the senders; `refused` by station code."""

    sent: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    unreachable: int = 0


@dataclass(slots=True)
class SimulatedStation:
    """One station: its logger, its line, and the files that wait."""

    logger: Logger
    uplink: Uplink
    cadence_s: int
    tally: Tally
    remembered_hours: int = 0
    _waiting: deque[StationFile] = field(default_factory=lambda: deque[StationFile](maxlen=MEMORY_FILES))
    _written: int = 0

    async def run(self, now: Callable[[], float]) -> None:
        """Write and send until cancelled, or until the part says to fall silent."""
        offset_s = self.logger.random.random() * SPREAD * self.cadence_s
        hour_s = int(now() - self.cadence_s) // HOUR_S * HOUR_S
        for hours_ago in reversed(range(self.remembered_hours)):
            self._waiting.append(self.logger.write_hour(hour_s - hours_ago * HOUR_S, self.cadence_s))
        async for slot_s in slots(self.cadence_s, offset_s, now):
            if self.logger.part is StationPart.SILENT and self._written >= FILES_BEFORE_SILENCE:
                return
            self._waiting.append(self.logger.write(slot_s))
            self._written += 1
            if self.logger.part is not StationPart.LATE or self._written % OUTAGE_FILES == 0:
                await self._send_waiting()

    async def _send_waiting(self) -> None:
        code = self.logger.code
        while self._waiting:
            try:
                await self.uplink.send(self._waiting[0])
            except Unreachable:
                self.tally.unreachable += 1
                return
            except Refused:
                self.tally.refused[code] += 1
            else:
                self.tally.sent[code] += 1
            self._waiting.popleft()


async def slots(cadence_s: int, offset_s: float, now: Callable[[], float]) -> AsyncIterator[int]:
    """Give each slot once, `offset_s` after it began; the current one at once, a missed one late."""
    slot_s = int(now()) // cadence_s * cadence_s
    while True:
        await asyncio.sleep(max(0.0, slot_s + offset_s - now()))
        yield slot_s
        slot_s += cadence_s


def cast_stations(inventory: Inventory, ftp_port: int, sftp_port: int, tally: Tally) -> list[SimulatedStation]:
    """Make the stations of an inventory, each with the first account that may send for it."""
    logins = {
        code: Login(account.username, account.password) for account in inventory.accounts for code in account.stations
    }
    ports = {Transport.FTP: ftp_port, Transport.SFTP: sftp_port}
    stations: list[SimulatedStation] = []
    for index, entry in enumerate(inventory.stations):
        transport = station_transport(index)
        profiles = PROFILES[StationKind(entry.kind)]
        stations.append(
            SimulatedStation(
                Logger(entry.code, profiles, station_part(index), Random(entry.code)),
                UPLINKS[transport](ports[transport], logins[entry.code], renames_after_upload(index)),
                entry.cadence_s,
                tally,
                _remembered(StationKind(entry.kind), station_part(index), entry.cadence_s),
            )
        )
    return stations


def _remembered(kind: StationKind, part: StationPart, cadence_s: int) -> int:
    is_whole = part in (StationPart.PUNCTUAL, StationPart.EXCEEDING)
    return REMEMBERED_HOURS if kind is StationKind.AIR and is_whole and cadence_s >= REMEMBERED_CADENCE_S else 0


async def run_stations(stations: Sequence[SimulatedStation], now: Callable[[], float]) -> None:
    """Run all stations until cancelled."""
    async with asyncio.TaskGroup() as group:
        for station in stations:
            group.create_task(station.run(now))
