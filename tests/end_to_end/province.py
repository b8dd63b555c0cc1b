"""The province around the box: who is registered, a ministry that takes files, an authority that remembers waypoints.

Ministry and authority live in the test's process: they outlive the box and know exactly what reached them.
"""

import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from actors.kernel.clock import system_now
from protocols.amqp.boundary import AmqpOptions, ProviderGrant
from protocols.amqp.listener import AmqpListener
from protocols.ftp.listener import FtpListener, FtpOptions
from protocols.paths import is_temporary, name_of
from protocols.vocabulary import Protocol, StationKind
from server.simulator.authority import OneAccount
from server.simulator.inventory import AUTHORITY_EXCHANGE, Peer
from storage.entries import AccountEntry, DestinationEntry, Inventory, ParameterEntry, ProviderEntry, StationEntry
from tests.end_to_end.box import HOST
from tests.protocols.memory_area import MemoryArea, MemoryAuthenticator

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
    ministry: MemoryArea
    authority: Memory

    def password(self, username: str) -> str:
        """The password of an account or a provider."""
        accounts = {entry.username: entry.password for entry in self.inventory.accounts}
        return (
            accounts.get(username) or {entry.username: entry.password for entry in self.inventory.providers}[username]
        )

    def delivered(self) -> dict[str, bytes]:
        """Hourly files at the ministry, by name; what is still under a temporary name is not there."""
        return {name_of(path): body for path, body in self.ministry.files.items() if not is_temporary(name_of(path))}


@asynccontextmanager
async def province(stations: int = 6, providers: int = 2) -> AsyncGenerator[Province, None]:
    """Let ministry and authority listen, and write down who is registered."""
    area, memory = MemoryArea(), Memory()
    to_ministry, to_authority = (("tinh", secrets.token_urlsafe(12)) for _ in range(2))
    codes = tuple(f"HY_TRAM{number:02d}_NUOTHA" for number in range(stations))
    accounts = MemoryAuthenticator(dict([to_ministry]), {"tinh": codes})
    ministry = FtpListener(FtpOptions(port=0, passive_ports=(0, 0)), accounts, area)
    authority = AmqpListener(AmqpOptions(host=HOST, port=0), OneAccount(*to_authority), memory, system_now)
    peers = Peer(await ministry.start(), *to_ministry), Peer(await authority.start(), *to_authority)
    try:
        yield Province(_inventory(*peers, codes, providers), area, memory)
    finally:
        await authority.close(1.0)
        await ministry.close(1.0)


def _inventory(ministry: Peer, authority: Peer, codes: tuple[str, ...], providers: int) -> Inventory:
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
