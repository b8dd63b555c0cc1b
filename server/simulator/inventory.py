"""Who lives in the simulated world: an inventory as an office would write it, with fresh random passwords.

Invariant: everything but the passwords follows from the options alone, so two runs have the same world.
"""

import secrets
from dataclasses import dataclass

from actors.rules.identity import clean_identity
from protocols.vocabulary import DestinationKind, Protocol, StationKind
from server.simulator.curves import PROFILES, Profile
from server.simulator.roads import TOWNS
from storage.entries import (
    AccountEntry,
    AreaEntry,
    DestinationEntry,
    Inventory,
    ParameterEntry,
    ProviderEntry,
    RecipientEntry,
    StationEntry,
    VehicleEntry,
)

CADENCE_S, GRACE_S = 300, 120
PROVINCE = "33"
FILES_DESTINATION, WAYPOINTS_DESTINATION = "bo", "csgt"
AUTHORITY_EXCHANGE = "tracking.so"
AREA, AREA_STATIONS = "song_luoc", 4
WITH_SAMPLER, SAMPLER_ANSWER_S = 0, 120
"""Which station has an auto-sampler, and how soon it answers."""
SPEED_LIMIT_KMH = 80.0
VEHICLES_PER_PROVIDER = 5_000

_KINDS = (
    (StationKind.WASTEWATER, "NUOTHA", "Trạm nước thải"),
    (StationKind.AIR, "KHIXQU", "Trạm không khí"),
    (StationKind.EMISSION, "KHITHA", "Trạm khí thải"),
    (StationKind.SURFACE_WATER, "NUOMAT", "Trạm nước mặt"),
)
_COMPANIES = ("Hợp tác xã vận tải Phố Hiến", "Công ty vận tải Sông Luộc", "Công ty xe khách Nhãn Lồng")


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """Size and pace of the simulated world."""

    stations: int = 12
    vehicles: int = 60
    speed: float = 30.0
    """Everything is sent this many times more often than in life; timestamps stay real."""

    @property
    def cadence_s(self) -> int:
        """Seconds between two files of a station, as registered."""
        return max(1, round(CADENCE_S / self.speed))

    @property
    def grace_s(self) -> int:
        """Seconds a file may be late."""
        return max(2, round(GRACE_S / self.speed))


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a stand-in listens, and the login it takes."""

    port: int
    username: str
    password: str


def fresh_password() -> str:
    """Make a password that nobody has seen before."""
    return secrets.token_urlsafe(18)


def make_inventory(options: WorldOptions, ministry: Peer, authority: Peer, sampler: Peer | None = None) -> Inventory:
    """Write down the whole world: stations, accounts, providers, vehicles, two destinations, an area, a unit.

    The unit has an address and the box no mail server: its letters are written and wait, as the page of notices says.
    """
    stations = tuple(
        _station(index, options, sampler if index == WITH_SAMPLER else None) for index in range(options.stations)
    )
    providers = tuple(
        ProviderEntry(username=name, password=fresh_password(), exchanges=(f"tracking.{name}",))
        for name in (f"gps{number + 1}" for number in range(-(-options.vehicles // VEHICLES_PER_PROVIDER)))
    )
    return Inventory(
        destinations=_destinations(ministry, authority),
        providers=providers,
        stations=stations,
        vehicles=tuple(_vehicle(index, providers) for index in range(options.vehicles)),
        accounts=tuple(
            AccountEntry(
                username=station.code.lower(),
                password=fresh_password(),
                protocols=(Protocol.FTP, Protocol.SFTP),
                stations=(station.code,),
            )
            for station in stations
        ),
        areas=_areas(stations),
        recipients=(
            RecipientEntry(
                name="Chi cục Bảo vệ môi trường",
                emails=("truc.moitruong@hungyen.example",),
                causes=("missing", "abnormal", "failed", "exceeding"),
            ),
        ),
    )


def _areas(stations: tuple[StationEntry, ...]) -> tuple[AreaEntry, ...]:
    codes = tuple(station.code for station in stations[:AREA_STATIONS])
    return (AreaEntry(name=AREA, title="Vùng thấp ven sông Luộc", stations=codes),) if codes else ()


def _station(index: int, options: WorldOptions, sampler: Peer | None) -> StationEntry:
    kind, suffix, title = _KINDS[index % len(_KINDS)]
    town = TOWNS[index % len(TOWNS)]
    number = index // len(_KINDS)
    return StationEntry(
        code=f"HY_{clean_identity(town.sign)}{number:02d}_{suffix}",
        kind=kind,
        name=f"{title} {town.name} {number + 1}",
        facility=f"Cơ sở mô phỏng {index + 1}",
        owner="Sở Nông nghiệp và Môi trường Hưng Yên" if kind is StationKind.AIR else f"Chủ nguồn thải {index + 1}",
        province=PROVINCE,
        lat=round(town.lat + 0.004 * (number % 5), 5),
        lon=round(town.lon - 0.004 * (number % 5), 5),
        cadence_s=options.cadence_s,
        grace_s=options.grace_s,
        destinations=(FILES_DESTINATION,),
        sampler=None if sampler is None else _sampler(sampler),
        parameters=tuple(_parameter(profile) for profile in PROFILES[kind]),
    )


def _sampler(peer: Peer) -> dict[str, object]:
    url = f"ftp://{peer.username}:{peer.password}@127.0.0.1:{peer.port}/"
    return {"kind": "file", "url": url, "secret": "", "answer_s": SAMPLER_ANSWER_S}


def _parameter(profile: Profile) -> ParameterEntry:
    limit: dict[str, object] | None = None
    if profile.limit is not None:
        limit = {"value": profile.limit, "kq": 1.0, "kf": 1.0, "scaled": False}
    return ParameterEntry(
        symbol=profile.symbol, unit=profile.unit, measuring_range=(0.0, float(profile.range_hi)), limit=limit
    )


def _vehicle(index: int, providers: tuple[ProviderEntry, ...]) -> VehicleEntry:
    return VehicleEntry(
        plate=plate_of(index),
        provider=providers[index // VEHICLES_PER_PROVIDER].username,
        company=_COMPANIES[index % len(_COMPANIES)],
        department="Sở Xây dựng Hưng Yên",
        business="xe khách hợp đồng" if index % 2 else "xe tải",
        seats=45 if index % 2 else 3,
        payload_kg=0 if index % 2 else 8_000,
        speed_limit_kmh=SPEED_LIMIT_KMH,
    )


def plate_of(index: int) -> str:
    """Plate of a simulated vehicle: 89 and 17 are the province's own series."""
    series = "89B" if index % 2 == 0 else "17B"
    return f"{series}{index:05d}"


def _destinations(ministry: Peer, authority: Peer) -> tuple[DestinationEntry, ...]:
    return (
        DestinationEntry(
            name=FILES_DESTINATION,
            kind=DestinationKind.FILES,
            url=f"ftp://{ministry.username}:{ministry.password}@127.0.0.1:{ministry.port}/tudong/HungYen/{{medium}}",
        ),
        DestinationEntry(
            name=WAYPOINTS_DESTINATION,
            kind=DestinationKind.WAYPOINTS,
            url=f"amqp://{authority.username}:{authority.password}@127.0.0.1:{authority.port}/%2F",
            exchange=AUTHORITY_EXCHANGE,
            routing_key="track1",
        ),
    )
