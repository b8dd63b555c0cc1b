"""The province around the box: who is registered, a ministry that takes files, an authority that remembers waypoints.

Ministry and authority live in the test's process: they outlive the box and know exactly what reached them.
"""

import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from actors.kernel.clock import system_now
from protocols.amqp.boundary import AmqpOptions, ProviderGrant
from protocols.amqp.listener import AmqpListener
from protocols.vocabulary import Protocol, StationKind
from server.simulator.authority import OneAccount
from server.simulator.inventory import AUTHORITY_EXCHANGE, Peer
from server.simulator.ministry import Ministry
from storage.entries import AccountEntry, DestinationEntry, Inventory, ParameterEntry, ProviderEntry, StationEntry

FILES, WAYPOINTS = "bo", "csgt"
CADENCE_S = 900
"""Four readings make an hour."""
PULSE_CADENCE_S, PULSE_GRACE_S = 1, 1
"""The pulse station is late within a second of silence: each outage of the box is a chain of flips."""
PULSE = "HY_MACH_NUOTHA"
FOLDER = "tudong/HungYen"


@dataclass
class Memory:
    """An authority's sink: what it was sent, how often, and the distinct bodies in order of arrival."""

    received: Counter[bytes] = field(default_factory=Counter)

    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        """Take a batch."""
        self.received.update(bodies)
        stored()


@dataclass
class Province:
    """Everything around the box."""

    inventory: Inventory
    ministry: Ministry
    authority: Memory

    def password(self, username: str) -> str:
        """The password of an account or a provider."""
        accounts = {entry.username: entry.password for entry in self.inventory.accounts}
        return (
            accounts.get(username) or {entry.username: entry.password for entry in self.inventory.providers}[username]
        )

    def delivered(self) -> dict[str, bytes]:
        """Hourly files at the ministry, by name; what is still under a temporary name is not there."""
        folder = self.ministry.folder / FOLDER
        return {path.name: path.read_bytes() for path in folder.rglob("*.txt")}


@asynccontextmanager
async def province(folder: Path, stations: int = 6, providers: int = 2) -> AsyncGenerator[Province, None]:
    """Let ministry and authority listen, and write down who is registered."""
    memory, login = Memory(), (secrets.token_urlsafe(12), secrets.token_urlsafe(12))
    options = AmqpOptions(host="127.0.0.1", port=0)
    listener = AmqpListener(options, OneAccount(*login), memory, system_now)
    authority = Peer(await listener.start(), *login)
    try:
        async with Ministry(folder / "ministry", "bo", secrets.token_urlsafe(12)) as ministry:
            yield Province(_inventory(ministry.peer, authority, stations, providers), ministry, memory)
    finally:
        await listener.close(1.0)


def _inventory(ministry: Peer, authority: Peer, stations: int, providers: int) -> Inventory:
    codes = [f"HY_TRAM{number:02d}_NUOTHA" for number in range(stations)]
    paces = dict.fromkeys(codes, (CADENCE_S, 3600)) | {PULSE: (PULSE_CADENCE_S, PULSE_GRACE_S)}
    names = [f"gps{number + 1}" for number in range(providers)]
    return Inventory(
        destinations=(
            DestinationEntry(
                FILES, "files", f"ftp://{ministry.username}:{ministry.password}@127.0.0.1:{ministry.port}/{FOLDER}"
            ),
            DestinationEntry(
                WAYPOINTS,
                "waypoints",
                f"amqp://{authority.username}:{authority.password}@127.0.0.1:{authority.port}/%2F",
                exchange=AUTHORITY_EXCHANGE,
                routing_key="track1",
            ),
        ),
        providers=tuple(
            ProviderEntry(name, secrets.token_urlsafe(12), exchanges=(f"tracking.{name}",)) for name in names
        ),
        stations=tuple(
            StationEntry(
                code,
                StationKind.WASTEWATER,
                cadence_s=cadence_s,
                grace_s=grace_s,
                destinations=(FILES,) if cadence_s == CADENCE_S else (),
                parameters=(
                    ParameterEntry("COD", "mg/L", measuring_range=(0.0, 500.0)),
                    ParameterEntry("TSS", "mg/L", measuring_range=(0.0, 300.0)),
                ),
            )
            for code, (cadence_s, grace_s) in paces.items()
        ),
        accounts=tuple(
            AccountEntry(
                code.lower(),
                secrets.token_urlsafe(12),
                protocols=(Protocol.FTP, Protocol.SFTP),
                stations=(code,),
            )
            for code in paces
        ),
    )
