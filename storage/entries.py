"""What an inventory says, as frozen records: stations, accounts, providers, vehicles, destinations.

`conf/inventory.py` makes them from a file, `storage/inventory.py` writes them into the tables. The field names are the
columns' names. An empty password means: leave the one that is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FILE_NAME = "{code}_{stamp}.txt"
"""How an hourly file is named where its destination does not say."""


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """A parameter of a station; `limit` and `qc` are the file's own tables."""

    symbol: str
    unit: str = ""
    aliases: tuple[str, ...] = ()
    measuring_range: tuple[float, float] | None = None
    detection_limit: float | None = None
    limit: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None
    qc: Mapping[str, object] = field(default_factory=dict[str, object])
    product: str = ""
    speed: str = ""


@dataclass(frozen=True, slots=True)
class StationEntry:
    """A station; `parameters` is None where the file is silent about them (those kept stay)."""

    code: str
    kind: str
    name: str = ""
    facility: str = ""
    owner: str = ""
    province: str = ""
    lat: float | None = None
    lon: float | None = None
    elevation_m: float | None = None
    cadence_s: int = 300
    schedule: str = ""
    grace_s: int = 120
    profile: str = "auto"
    network: str = "own"
    mandatory: tuple[str, ...] | None = None
    sampler: Mapping[str, object] | None = None
    destinations: tuple[str, ...] = ()
    products: Mapping[str, object] | None = None
    consistency: tuple[Mapping[str, object], ...] = ()
    parameters: tuple[ParameterEntry, ...] | None = None


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """Who may log in over FTP and SFTP; `allow_from` None = anywhere, empty = nobody."""

    username: str
    password: str = field(default="", repr=False)
    public_keys: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ("ftp", "sftp")
    allow_from: tuple[str, ...] | None = None
    stations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """Who may publish waypoints; `allow_from` None = anywhere, empty = nobody."""

    username: str
    password: str = field(default="", repr=False)
    allow_from: tuple[str, ...] | None = None
    exchanges: tuple[str, ...] = ()
    auto_register: bool = True


@dataclass(frozen=True, slots=True)
class VehicleEntry:
    """A registered vehicle; `plate` in its clean spelling."""

    plate: str
    provider: str = ""
    company: str = ""
    department: str = ""
    business: str = ""
    seats: int | None = None
    payload_kg: int | None = None
    speed_limit_kmh: float | None = None
    terminal: str = ""
    device: str = ""
    sim: str = ""
    vin: str = ""


@dataclass(frozen=True, slots=True)
class DestinationEntry:
    """Where judged data go; `url` may hold `{medium}` (nuoc, khi)."""

    name: str
    kind: str
    url: str = field(default="", repr=False)
    exchange: str = ""
    routing_key: str = ""
    deadline_s: int = 120
    minute: int = 5
    layout: str = "tt10_2021"
    hour_label: str = "end"
    min_completeness: float = 0.75
    enabled: bool = True
    suspect: bool = True
    decimals: int = 4
    file_name: str = FILE_NAME
    parameters: tuple[str, ...] | None = None
    symbols: Mapping[str, str] | None = None
    codes: Mapping[str, str] | None = None
    media: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RecipientEntry:
    """A responsible unit and where its letters go; empty stations, areas and kinds mean every station."""

    name: str
    emails: tuple[str, ...] = ()
    webhook: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    escalate_to: tuple[str, ...] = ()
    causes: tuple[str, ...] = ("missing", "abnormal", "failed")
    stations: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    language: str = "vi"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """Stations that a disaster may strike together."""

    name: str
    title: str = ""
    stations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """A work whose stations must agree; `rules` are the file's own tables."""

    name: str
    title: str = ""
    rules: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class PullEntry:
    """A logger's own server that is visited; `url` may hold {yyyy}, {MM} and {dd}."""

    name: str
    url: str = field(default="", repr=False)
    stations: tuple[str, ...] = ()
    pattern: str = "*"
    every_s: int = 300
    look_back_days: int = 2
    settle_s: int = 10
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Inventory:
    """A whole inventory file, in the file's order."""

    destinations: tuple[DestinationEntry, ...] = ()
    providers: tuple[ProviderEntry, ...] = ()
    stations: tuple[StationEntry, ...] = ()
    vehicles: tuple[VehicleEntry, ...] = ()
    accounts: tuple[AccountEntry, ...] = ()
    recipients: tuple[RecipientEntry, ...] = ()
    pulls: tuple[PullEntry, ...] = ()
    areas: tuple[AreaEntry, ...] = ()
    works: tuple[WorkEntry, ...] = ()
