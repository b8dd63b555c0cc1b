"""A box with one station, one provider and two vehicles, what was sent to it, and people who ask over HTTP."""

import asyncio
import ftplib
import io
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from protocols.amqp.publisher import AmqpPublisher, PublisherOptions
from protocols.formats.filename import build_name
from protocols.formats.tt10_2021 import build
from protocols.records import ParsedReading
from protocols.times import HOUR_S, iso
from protocols.vocabulary import DeviceStatus
from tests.end_to_end.box import HOST, Box

STATION, PLATE, FAST = "TB_COFF_NUOCTH", "29A67890", "29A12345"
PASSWORD = "a-word-for-the-test"
CADENCE_S = 300
AWAIT_S = 30.0
INVENTORY = f"""
[[stations]]
code = "{STATION}"
name = "Trạm nước thải"
kind = "wastewater"
cadence_s = {CADENCE_S}
[[stations.parameters]]
symbol = "COD"
unit = "mg/L"
limit = {{ value = 75 }}
qc.range = {{ fail_lo = 0, fail_hi = 500, sus_hi = 400 }}
qc.spike = false
qc.step = false
qc.flat_line = false
[[accounts]]
username = "tb"
password = "{PASSWORD}"
stations = ["{STATION}"]
protocols = ["ftp"]
[[providers]]
username = "gps1"
password = "{PASSWORD}"
exchanges = ["tracking.gps1"]
auto_register = false
[[vehicles]]
plate = "29A-678.90"
provider = "gps1"
speed_limit_kmh = 80
[[vehicles]]
plate = "{FAST}"
provider = "gps1"
speed_limit_kmh = 80
"""


def hour_body(hour_s: int, values: Sequence[float]) -> bytes:
    """A file of the readings of (hour_s - 3600, hour_s]."""
    times = range(hour_s - HOUR_S + CADENCE_S, hour_s + 1, CADENCE_S)
    return build(
        ParsedReading(time_s, "COD", value, f"{value:g}", "mg/L", DeviceStatus.MEASURING, number)
        for number, (time_s, value) in enumerate(zip(times, values, strict=True), 1)
    )


@dataclass
class Office:
    """The box, what was sent, and the API as one person sees it."""

    box: Box
    first_hour_s: int
    http: httpx.AsyncClient
    csrf: str = ""
    sent: dict[str, bytes] = field(default_factory=dict)

    async def upload(self, name: str, body: bytes) -> None:
        """Send a file by FTP."""
        await asyncio.to_thread(self._upload, name, body)
        self.sent[name] = body

    def _upload(self, name: str, body: bytes) -> None:
        ftp = ftplib.FTP()
        ftp.connect(HOST, self.box.ports["ftp"], timeout=20)
        ftp.login("tb", PASSWORD)
        ftp.storbinary(f"STOR {name}", io.BytesIO(body))
        ftp.quit()

    async def publish(self, *bodies: bytes) -> dict[int, str]:
        """Publish waypoints with confirms; gives what was refused."""
        options = PublisherOptions(
            HOST, self.box.ports["amqp"], "gps1", PASSWORD, exchange="tracking.gps1", routing_key="a", mandatory=False
        )
        publisher = AmqpPublisher(options)
        await publisher.open()
        try:
            return dict((await publisher.send(bodies)).refused)
        finally:
            await publisher.close()

    def name(self, hour_s: int) -> str:
        return build_name(STATION, hour_s)

    async def get(self, path: str, **query: Any) -> Any:
        """Get JSON."""
        answer = await self.http.get(f"/api/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: object = None) -> httpx.Response:
        """Post as the page does: with the session's token."""
        return await self.http.post(f"/api/v1/{path}", json=body or {}, headers={"X-CSRF-Token": self.csrf})

    async def act(self, actor: str, action: str) -> dict[str, Any]:
        """Restart, stop or start an actor."""
        answer = await self.post(f"actors/{actor}/{action}")
        assert answer.status_code == 200, answer.text
        outcome: dict[str, Any] = answer.json()
        return outcome

    async def until(self, ask: Callable[[], Awaitable[Any]], is_so: Callable[[Any], bool]) -> Any:
        """Ask until the answer is as it must be."""
        until = time.monotonic() + AWAIT_S
        while not is_so(answer := await ask()):
            assert time.monotonic() < until, answer
            await asyncio.sleep(0.05)
        return answer

    @property
    def span(self) -> dict[str, str]:
        """All that was sent of the station."""
        return {"from": iso(self.first_hour_s - HOUR_S), "to": iso(self.first_hour_s + 10 * HOUR_S)}


@asynccontextmanager
async def office(
    folder: Path, environ: Mapping[str, str] | None = None, *, inventory: str = INVENTORY, module: str = "server"
) -> AsyncIterator[Office]:
    """Open an office with an operator at the console."""
    box = Box(folder / "box", environ, module=module)
    try:
        written = box.folder / "inventory.toml"
        written.write_text(inventory, encoding="utf-8")
        for words in (("import", str(written)), ("user", "add", "an", "--role", "operator"),
                      ("user", "add", "xem", "--role", "viewer")):  # fmt: skip
            code, out, err = await box.verb(*words, extra={"TRAMBOX_PASSWORD": PASSWORD})
            assert code == 0, out + err
        await box.start()
        async with httpx.AsyncClient(base_url=box.web, timeout=20) as http:
            opened = Office(box, int(time.time()) // HOUR_S * HOUR_S - 6 * HOUR_S, http)
            answer = await http.post("/api/v1/login", json={"username": "an", "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            opened.csrf = answer.json()["csrf"]
            yield opened
    finally:
        await box.close()
