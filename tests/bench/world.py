"""The measured box: the real server as a process of its own, with its inventory, on its own core.

Passwords are made anew for each world. The folder is temporary, on the disk of TMPDIR: that disk is measured.
"""

import asyncio
import json
import os
import secrets
import shutil
import signal
import sqlite3
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from time import monotonic
from time import time as now_s
from typing import Any

from protocols.times import ICT
from tests.bench.fleet import FIRST_LAT, FIRST_LON, LIMIT_KMH, PLACE_STEP_DEG, plate
from tests.bench.processes import pinned, server_core
from tests.bench.sink import EXCHANGE
from tests.bench.waypoint_load import Entrance

SETTINGS = """
[server]
data_dir = "data"
[web]
bind = "127.0.0.1:0"
[ftp]
bind = "127.0.0.1:0"
passive_ports = [0, 0]
[sftp]
bind = "127.0.0.1:0"
[amqp]
bind = "127.0.0.1:0"
"""
SYMBOLS = ("COD", "pH", "TSS", "Temp", "Amoni")
GRID, STEP_DEG = 40, 0.02
"""Stations stand in rows of so many, 2 km apart: each has the most neighbours that the spatial test looks at."""
PROVIDER, STATION_ACCOUNT = "bench", "stations"


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """What the inventory holds; port 0 of the sink is no destination."""

    vehicles: int = 0
    auto_register: bool = False
    zoned_share: float = 0
    """So large a share of the vehicles drives within zones."""
    stations: int = 0
    sink_port: int = 0
    kind: str = "wastewater"
    parameters: tuple[tuple[str, str], ...] = tuple((symbol, "mg/L") for symbol in SYMBOLS)
    speed: float = 1
    begin: time | None = None
    """The hour of the day (ICT) at which a world with a `speed` begins; None: now."""


def zones_over(vehicles: int) -> dict[str, Any]:
    """An area over the places of so many vehicles, a limit lower than their own, and a hundred roads elsewhere."""
    side = max(vehicles * PLACE_STEP_DEG, PLACE_STEP_DEG)
    corners = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side), (0.0, 0.0)]
    area = [[FIRST_LON + x - PLACE_STEP_DEG / 2, FIRST_LAT + y - PLACE_STEP_DEG / 2] for x, y in corners]
    features = [_zone("area", "Polygon", [area])]
    for number in range(100):
        lat = FIRST_LAT + 1 + number * STEP_DEG
        features.append(_zone(f"road{number}", "LineString", [[FIRST_LON - 1, lat], [FIRST_LON + 1, lat]]))
    return {"type": "FeatureCollection", "features": features}


def _zone(name: str, kind: str, coordinates: list[Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": {"limit_kmh": LIMIT_KMH - 10}}


def station_code(number: int) -> str:
    """The code of the n-th station."""
    return f"HY_S{number:04d}_NUOSXL"


def place(number: int) -> dict[str, float]:
    """Where the n-th station stands."""
    return {"lat": 20.3 + number // GRID * STEP_DEG, "lon": 105.8 + number % GRID * STEP_DEG, "elevation_m": 5}


def begin_s(hour: time | None, epoch_s: float) -> float:
    """When the simulated clock begins: at that hour of the day of the real one."""
    return epoch_s if hour is None else datetime.combine(datetime.fromtimestamp(epoch_s, ICT), hour, ICT).timestamp()


class World:
    """A folder, an inventory in it, and a server that is started, killed and stopped."""

    def __init__(self, options: WorldOptions) -> None:
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="trambox-bench-"))
        self.password = secrets.token_urlsafe(12)
        self.ports: dict[str, int] = {}
        self.epoch_s = now_s()
        """From here on the clock of a world with a `speed` runs so much faster."""
        self.begin_s = begin_s(options.begin, self.epoch_s)
        self.server: asyncio.subprocess.Process | None = None
        (self.folder / "trambox.toml").write_text(SETTINGS)
        (self.folder / "inventory.toml").write_text(self._inventory())

    def simulated_s(self) -> float:
        """What the server's clock shows."""
        return self.begin_s + (now_s() - self.epoch_s) * self.options.speed

    def real_s(self, simulated_s: float) -> float:
        """When the server's clock shows it."""
        return self.epoch_s + (simulated_s - self.begin_s) / self.options.speed

    async def verb(self, *words: str) -> tuple[int, str]:
        """Run a verb of the command line; returns its exit code and output."""
        command = [sys.executable, "-m", "server", *words, "--config", str(self.folder / "trambox.toml")]
        process = await asyncio.create_subprocess_exec(*command, stdout=-1, stderr=-2)
        output, _ = await process.communicate()
        return process.returncode or 0, output.decode()

    async def populate(self) -> None:
        """Import the inventory, and the zones."""
        files = ["inventory.toml"]
        if self.options.zoned_share:
            zones = zones_over(int(self.options.vehicles * self.options.zoned_share))
            (self.folder / "zones.geojson").write_text(json.dumps(zones))
            files.append("zones.geojson")
        for name in files:
            code, output = await self.verb("import", str(self.folder / name))
            if code:
                raise RuntimeError(output[-2000:])

    async def start(self, timeout_s: float = 120) -> float:
        """Start the server; returns the seconds until it says that it is ready."""
        ports = self.folder / "data" / "ports.json"
        ports.unlink(missing_ok=True)
        module, environ = "server", dict(os.environ)
        if self.options.speed != 1:
            module = "tests.bench.hurried_clock"
            environ |= {"BENCH_SPEED": str(self.options.speed), "BENCH_EPOCH_S": str(self.epoch_s)}
            environ["BENCH_BEGIN_S"] = str(self.begin_s)
        command = [sys.executable, "-m", module, "serve", "--config", str(self.folder / "trambox.toml")]
        started_s = monotonic()
        with (self.folder / "server.log").open("ab") as log:
            self.server = await asyncio.create_subprocess_exec(
                *pinned(server_core(), command), stdout=log, stderr=log, env=environ
            )
        while not await asyncio.to_thread(self._is_ready, ports):
            if self.server.returncode is not None or monotonic() - started_s > timeout_s:
                raise RuntimeError(self.log_tail())
            await asyncio.sleep(0.01)
        return monotonic() - started_s

    def _is_ready(self, ports: Path) -> bool:
        if not ports.exists():
            return False
        self.ports = json.loads(ports.read_bytes())
        if not {"ftp", "sftp", "amqp", "web"} <= set(self.ports):
            return False
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['web']}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self.server is not None
        return self.server.pid

    @property
    def entrance(self) -> Entrance:
        """Where its provider publishes waypoints."""
        return Entrance(self.ports["amqp"], PROVIDER, self.password, f"tracking.{PROVIDER}", "track1")

    async def stop(self) -> float:
        """Ask the server to drain and end; returns the seconds it took."""
        started_s = monotonic()
        await self._end(signal.SIGTERM, 0)
        return monotonic() - started_s

    async def kill(self) -> None:
        """End the server as a power cut would."""
        await self._end(signal.SIGKILL, -signal.SIGKILL)

    async def _end(self, number: signal.Signals, expected: int) -> None:
        assert self.server is not None
        os.kill(self.server.pid, number)
        code = await asyncio.wait_for(self.server.wait(), 120)
        self.server = None
        if code != expected:
            raise RuntimeError(f"exit {code}\n{self.log_tail()}")

    async def audit(self) -> dict[str, Any]:
        """The conservation sums, by the running counters and by counting rows; raises where they differ."""
        sums = []
        for words in (["audit"], ["audit", "--recount"]):
            code, output = await self.verb(*words)
            if code:
                raise RuntimeError(f"{' '.join(words)}: not balanced\n{output}")
            sums.append(json.loads(output.splitlines()[-1]))
        running, recounted = sums
        if running != recounted:
            raise RuntimeError(f"running {running} is not what the rows say: {recounted}")
        return dict(running)

    def rows(self, table: str) -> int:
        """How many rows a table has, or those of it that the words after its name choose."""
        with closing(sqlite3.connect(self.folder / "data" / "trambox.db", timeout=30)) as database:
            return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def log_tail(self) -> str:
        """The last words of the server."""
        return (self.folder / "server.log").read_text(errors="replace")[-3000:]

    async def close(self) -> None:
        """End what runs and take the folder away."""
        if self.server is not None and self.server.returncode is None:
            self.server.kill()
            await self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _inventory(self) -> str:
        options = self.options
        parts = []
        if options.sink_port:
            url = f"amqp://bench:{self.password}@127.0.0.1:{options.sink_port}/%2F"
            parts.append(_table("destinations", name="sink", kind="waypoints", url=url, exchange=EXCHANGE))
        if options.stations:
            codes = [station_code(number) for number in range(options.stations)]
            parts += [_station(number, code, options) for number, code in enumerate(codes)]
            protocols = ["ftp", "sftp"]
            account = {"username": STATION_ACCOUNT, "password": self.password, "protocols": protocols}
            parts.append(_table("accounts", **account, stations=codes))
        provider = {"username": PROVIDER, "password": self.password, "exchanges": [f"tracking.{PROVIDER}"]}
        parts.append(_table("providers", **provider, auto_register=options.auto_register))
        limit = {"provider": PROVIDER, "speed_limit_kmh": LIMIT_KMH}
        parts += [_table("vehicles", plate=plate(number), **limit) for number in range(options.vehicles)]
        return "\n".join(parts)


def _station(number: int, code: str, options: WorldOptions) -> str:
    ranges: dict[str, Any] = {} if options.kind == "air" else {"measuring_range": [0, 1000]}
    parameters = [
        _table("stations.parameters", symbol=symbol, unit=unit, **ranges) for symbol, unit in options.parameters
    ]
    return "\n".join([_table("stations", code=code, kind=options.kind, province="33", **place(number)), *parameters])


def _table(name: str, /, **values: Any) -> str:
    """A table of TOML; JSON's strings, numbers and lists are TOML's."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([f"[[{name}]]", *lines]) + "\n"
