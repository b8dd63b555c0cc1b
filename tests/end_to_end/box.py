"""A whole server as its users run it: `python -m server serve` in a process and a data folder of its own.

Its processes come from the nursery (life.py), which spares each the reading of the sources. It is started, killed,
started again and stopped gently; what it logged stays in `log`. Ports are free ones of 127.0.0.1 and change with each
start: ask `ports`. Only the process started here is ever signalled.
"""

import asyncio
import json
import os
import signal
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import Any

import httpx

from server.simulator.inventory_toml import inventory_toml
from storage.entries import Inventory
from tests.end_to_end.life import ROOT, Life, be_born

HOST = "127.0.0.1"
LISTENERS = {"ftp", "sftp", "amqp", "web"}
POLL_S = 0.02
READY_S = 30.0
STOP_S = 40.0
VERB_S = 60.0

CONFIG = """\
[server]
data_dir = "data"
[storage]
reserve_mb = {reserve_mb}
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


class BoxFailed(Exception):
    """The server did not do in time what it must do; the end of its log tells why."""


class Box:
    """One server over all its lives.

    Args:
        folder: configuration, log and, unless `environ` says otherwise, the data.
        environ: settings of this box, such as `TRAMBOX_SERVER_DATA_DIR`; they win over the configuration.
        module: what is run; `server`, or one that changes a pace before it runs the same.
    """

    def __init__(
        self, folder: Path, environ: Mapping[str, str] | None = None, *, module: str = "server", reserve_mb: int = 0
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.config = folder / "trambox.toml"
        self.config.write_text(CONFIG.format(reserve_mb=reserve_mb), encoding="utf-8")
        own = {name: value for name, value in os.environ.items() if not name.startswith("TRAMBOX_")}
        self._environ = {**own, **(environ or {}), "PYTHONPATH": str(ROOT)}
        self.data_dir = Path(self._environ.get("TRAMBOX_SERVER_DATA_DIR", folder / "data"))
        self.module = module
        self.ports: dict[str, int] = {}
        self.starts = 0
        self.start_s = 0.0
        """How long the last start took."""
        self._process: Life | None = None

    # ---------------------------------------------------------------------------------------------- its lives

    async def start(self) -> None:
        """Start it and wait until it is ready to accept and store."""
        begun_s = monotonic()
        await self.launch()
        await self.wait_ready()
        self.start_s = monotonic() - begun_s

    async def launch(self) -> None:
        """Start it and wait for nothing."""
        assert not self.alive, "it runs already"
        self.starts += 1
        words = ["serve", "--config", str(self.config)]
        with TemporaryFile() as silence, self.log.open("ab") as log, self._printed.open("ab") as printed:
            self._process = await be_born(self.module, words, self.folder, self._environ, silence, printed, log)

    async def wait_ready(self, within_s: float = READY_S) -> None:
        """Wait until every listener has its port and `/readyz` says yes."""
        until = monotonic() + within_s
        async with httpx.AsyncClient(timeout=5) as client:
            while not (self._read_ports() and await self._is_ready(client)):
                if not self.alive:
                    raise BoxFailed(f"it ended with {self.exit_code}\n{self.tail()}")
                if monotonic() > until:
                    raise BoxFailed(f"not ready within {within_s:g} s\n{self.tail()}")
                await asyncio.sleep(POLL_S)

    async def kill(self) -> None:
        """SIGKILL: the end without warning."""
        self.signal(signal.SIGKILL)
        await self._ended(10)

    async def stop(self, within_s: float = STOP_S) -> int:
        """SIGTERM; returns the exit code."""
        self.signal(signal.SIGTERM)
        return await self._ended(within_s)

    async def close(self) -> None:
        """Leave nothing running; called at the end of every test."""
        if self.alive:
            await self.kill()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal and wait for nothing."""
        process = self._process
        assert process is not None
        if process.returncode is None:
            process.send_signal(number)

    async def _ended(self, within_s: float) -> int:
        process = self._process
        assert process is not None
        try:
            return await asyncio.wait_for(process.wait(), within_s)
        except TimeoutError:
            raise BoxFailed(f"still running {within_s:g} s after the signal\n{self.tail()}") from None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def exit_code(self) -> int | None:
        """How the last life ended."""
        return self._process.returncode if self._process is not None else None

    @property
    def pid(self) -> int:
        """The process of this life."""
        assert self._process is not None
        return self._process.pid

    def _read_ports(self) -> bool:
        """Read `ports.json`; a file left by a killed life names another process."""
        try:
            ports = json.loads((self.data_dir / "ports.json").read_bytes())
        except FileNotFoundError:
            return False
        if ports.pop("pid") != self.pid or not ports.keys() >= LISTENERS:
            return False
        self.ports = ports
        return True

    async def _is_ready(self, client: httpx.AsyncClient) -> bool:
        try:
            return (await client.get(f"{self.web}/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    @property
    def web(self) -> str:
        """Where console and API are served."""
        return f"http://{HOST}:{self.ports['web']}"

    # ---------------------------------------------------------------------------------------------- the command line

    async def verb(self, *words: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None) -> Any:
        """Run another verb on the same configuration; returns (exit code, stdout, stderr)."""
        words, environ = (*words, "--config", str(self.config)), {**self._environ, **(extra or {})}
        with TemporaryFile() as told, TemporaryFile() as out, TemporaryFile() as err:
            told.write(stdin)
            told.seek(0)
            process = await be_born("server", words, self.folder, environ, told, out, err)
            code = await asyncio.wait_for(process.wait(), VERB_S)
            return code, *(stream.seek(0) or stream.read().decode() for stream in (out, err))

    async def import_inventory(self, inventory: Inventory) -> None:
        """`import` an inventory, running or not."""
        file = self.folder / "inventory.toml"
        file.write_text(inventory_toml(inventory), encoding="utf-8")
        code, out, err = await self.verb("import", str(file))
        if code:
            raise BoxFailed(f"import ended with {code}\n{out}{err}")

    async def audit(self, *, recount: bool = False) -> dict[str, Any]:
        """`audit`: the conservation sums; works while the server runs."""
        _, out, err = await self.verb("audit", *(["--recount"] if recount else []))
        try:
            sums: dict[str, Any] = json.loads(out)
        except json.JSONDecodeError:
            raise BoxFailed(f"audit gave no JSON: {out}{err}") from None
        return sums

    # ---------------------------------------------------------------------------------------------- what it left

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Read its SQLite database, running or not."""
        database = sqlite3.connect(f"file:{self.data_dir / 'trambox.db'}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(sql, parameters).fetchall()
        finally:
            database.close()

    @property
    def log(self) -> Path:
        """Everything that all lives wrote to stderr."""
        return self.folder / "server.log"

    @property
    def _printed(self) -> Path:
        return self.folder / "server.out"

    def tail(self, lines: int = 40) -> str:
        """The end of the log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def events(self, *names: str) -> list[dict[str, Any]]:
        """Log lines of these events, oldest first; a line cut by a kill is passed over."""
        found = []
        for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                event = json.loads(line)
            except json.JSONDecodeError:
                continue
            if isinstance(event, dict) and event.get("event") in names:
                found.append(event)
        return found

    def unstructured_lines(self) -> list[str]:
        """Log lines that are no event: tracebacks and warnings of libraries."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line and not line.startswith("{")]
