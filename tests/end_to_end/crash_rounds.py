"""Kills the box again and again under load, and gathers what is needed to judge what is left of it.

A round: load over FTP, SFTP and AMQP, SIGKILL at a random moment, a restart that is soon killed too (while it starts,
just after it, or gently stopped), and a second restart, which the next round's load meets.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random
from time import monotonic

from actors.kernel.clock import system_now
from protocols.times import HOUR_S
from server.simulator.uplinks import FtpUplink, SftpUplink
from tests.end_to_end.box import POLL_S, Box, BoxFailed
from tests.end_to_end.load import Logger, Provider, Pulse
from tests.end_to_end.province import PULSE, WAYPOINTS, Province, province

ROUNDS = int(os.environ.get("TRAMBOX_CRASH_ROUNDS", "30"))
SEED = int(os.environ.get("TRAMBOX_CRASH_SEED", "0")) or int.from_bytes(os.urandom(4))
LOAD_STARTS = (0.1, 2.0)
"""How long the load of a round lasts, in times of a start: a busy machine does less in a second."""
SETTLED_S = 90.0
HURRIED = "tests.end_to_end.hurried"
WAYS: list[tuple[type[FtpUplink] | type[SftpUplink], bool]] = [
    (FtpUplink, False),
    (FtpUplink, True),
    (SftpUplink, False),
    (SftpUplink, True),
]
SETTLED = """
SELECT body FROM waypoints w WHERE NOT EXISTS (
  SELECT 1 FROM spans s JOIN destinations d ON d.id = s.destination_id
  WHERE d.name = ? AND w.id > s.cursor AND (s.up_to_id IS NULL OR w.id <= s.up_to_id))
"""


@dataclass
class Aftermath:
    """What is left when the last life was stopped gently.

    `settled` tells how often a waypoint had reached the authority when the box first knew, across a crash, that it had.
    """

    box: Box
    province: Province
    loggers: list[Logger]
    pulse: Pulse
    providers: list[Provider]
    kills: int = 0
    settled: Counter[bytes] = field(default_factory=Counter)
    last_exit: int | None = None
    sums: dict[str, object] = field(default_factory=dict)
    recounted: dict[str, object] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, bytes]:
        """Every acknowledged file."""
        acknowledged = [logger.acknowledged for logger in self.loggers]
        return {name: body for kept in (*acknowledged, self.pulse.acknowledged) for name, body in kept.items()}

    @property
    def waypoints(self) -> set[bytes]:
        """Every acknowledged waypoint."""
        return set().union(*(provider.acknowledged for provider in self.providers))


async def survive(folder: Path, rounds: int = ROUNDS, seed: int = SEED) -> Aftermath:
    """Go through all rounds, let the box finish its work, stop it."""
    random = Random(seed)
    async with province() as around:
        box = Box(folder / "box")
        try:
            await box.import_inventory(around.inventory)
            left = Aftermath(box, around, *clients_of(around))
            await box.start()
            for number in range(rounds):
                await _round(left, random, number)
            await _finish(left)
        finally:
            await box.close()
        return left


def clients_of(around: Province) -> tuple[list[Logger], Pulse, list[Provider]]:
    now_s = int(system_now())
    first_s = (now_s // HOUR_S - 24 * 300) * HOUR_S
    codes = [station.code for station in around.inventory.stations if station.code != PULSE]
    loggers = [
        Logger(code, around.password(code.lower()), uplink, renames, first_s)
        for code, (uplink, renames) in zip(codes, cycle(WAYS), strict=False)
    ]
    pulse = Pulse(PULSE, around.password(PULSE.lower()), system_now)
    names = [provider.username for provider in around.inventory.providers]
    return loggers, pulse, [Provider(name, around.password(name), now_s - 2 * 86_400) for name in names]


@asynccontextmanager
async def load(box: Box, loggers: list[Logger], pulse: Pulse, providers: list[Provider]) -> AsyncGenerator[None, None]:
    """Let every client send; they end when the box does, which the block must see to."""
    async with asyncio.TaskGroup() as group:
        for logger in loggers:
            group.create_task(logger.run(partial(door_of, box, logger)))
        group.create_task(pulse.run(lambda: box.ports["ftp"]))
        for provider in providers:
            group.create_task(provider.run(lambda: box.ports["amqp"]))
        yield


def door_of(box: Box, logger: Logger) -> int:
    """The port a logger sends to."""
    return box.ports["sftp" if logger.uplink is SftpUplink else "ftp"]


async def _round(left: Aftermath, random: Random, number: int) -> None:
    box = left.box
    async with load(box, left.loggers, left.pulse, left.providers):
        await asyncio.sleep(random.uniform(*LOAD_STARTS) * box.start_s)
        await _kill(left)
    await _restart_in_vain(left, random, number)
    box.module = random.choice(("server", HURRIED))
    await box.start()


async def _restart_in_vain(left: Aftermath, random: Random, number: int) -> None:
    """The first restart: killed while it starts (perhaps twice), killed once it is up, or stopped gently."""
    box = left.box
    box.module = random.choice(("server", HURRIED))
    match number % 4:
        case 0:
            for _ in range(2):
                await box.launch()
                await asyncio.sleep(random.uniform(0.1, 0.6) * box.start_s)
                await _kill(left)
        case 1:
            await box.launch()
            await asyncio.sleep(random.uniform(0.6, 1.1) * box.start_s)  # about when the journal is replayed
            await _kill(left)
        case 2:
            await box.start()
            await asyncio.sleep(random.uniform(0.0, 0.3))
            await _kill(left)
        case _:
            await box.start()
            assert await box.stop() == 0


async def _kill(left: Aftermath) -> None:
    """SIGKILL, and note what the box knows to be with the authority already."""
    await left.box.kill()
    left.kills += 1
    received = left.province.authority.received
    for (body,) in left.box.rows(SETTLED, WAYPOINTS):
        left.settled.setdefault(body, received[body])


async def _finish(left: Aftermath) -> None:
    """Send again what nobody acknowledged, wait until nothing is owed, stop gently."""
    box = left.box
    for logger in left.loggers:
        assert await logger.send(door_of(box, logger))
    for provider in left.providers:
        if provider.waiting:
            await provider.finish(box.ports["amqp"])
    until = monotonic() + SETTLED_S
    while left_over := owed(box):
        if monotonic() > until:
            raise BoxFailed(f"still owed after {SETTLED_S:g} s: {left_over}\n{box.tail()}")
        await asyncio.sleep(5 * POLL_S)
    left.last_exit = await box.stop()
    left.sums = await box.audit()
    left.recounted = await box.audit(recount=True)


def owed(box: Box) -> dict[str, int]:
    """What the box has still to do: hours to make, files and waypoints to forward."""
    found = {"hours": box.rows("SELECT COUNT(*) FROM dirty_hours h JOIN stations s ON s.id = h.station_id "
                               "WHERE s.code <> ?", PULSE)[0][0]}  # fmt: skip
    found |= dict(box.rows("SELECT name, value FROM counters WHERE name LIKE 'destination.%.waiting'"))
    return {name: number for name, number in found.items() if number}


def run_rounds(folder: Path) -> Aftermath:
    """`survive` for a fixture."""
    return asyncio.run(survive(folder))
