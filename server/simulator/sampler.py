"""A simulated auto-sampler: commands arrive on its own FTP server, it takes its time, and answers as a file.

It stands at the first station and answers through that station's own account, as a logger would.
"""

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from server.simulator.files import StationFile
from server.simulator.inventory import Peer
from server.simulator.ministry import Ministry
from server.simulator.uplinks import Refused, Unreachable, Uplink

LOOK_S, TAKES_S = 1.0, 5.0
BOTTLES = 24
_COMMAND = re.compile(r"(.+_LAYMAU_(\d+))_\d{14}\.txt")


@dataclass
class AutoSampler:
    """Entered, it takes commands into `folder`."""

    folder: Path
    password: str = field(repr=False)
    taken: int = 0

    def __post_init__(self) -> None:
        self._box = Ministry(self.folder, "laymau", self.password)

    async def __aenter__(self) -> Self:
        await self._box.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._box.__aexit__(kind, error, trace)

    @property
    def peer(self) -> Peer:
        """Where commands are sent to."""
        return self._box.peer

    async def run(self, uplink: Uplink) -> None:
        """Carry out command after command until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            for path in self._box.files():
                if (command := _COMMAND.fullmatch(Path(path).name)) is not None:
                    await asyncio.sleep(TAKES_S)
                    await self._answer(uplink, command[1])
                    await asyncio.to_thread((self.folder / path).unlink)

    async def _answer(self, uplink: Uplink, stem: str) -> None:
        bottle = self.taken % BOTTLES + 1
        body = f"OK chai {bottle}, 1000 mL, 4 °C\r\n".encode()
        try:
            await uplink.send(StationFile(f"{stem}_xong.txt", body))
        except (Refused, Unreachable):
            return
        self.taken += 1
