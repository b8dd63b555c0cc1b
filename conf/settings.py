"""The sections of `trambox.toml`, as frozen dataclasses; every key has its default and its explanation here, once.

The loader, the example file and the documents are derived from these fields. Paths and URLs are absolute after loading.
Limits and timeouts of a listener are not here: they stand beside its code, in its own `XOptions`.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from typing_extensions import override


class Address(NamedTuple):
    """Where a listener binds; port 0 picks a free one."""

    host: str
    port: int

    @override
    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class PortRange(NamedTuple):
    """First and last port, both included; 0, 0 lets the system choose."""

    first: int
    last: int


def _key(default: Any, explanation: str, *, choices: tuple[str, ...] = (), is_path: bool = False) -> Any:
    return field(default=default, metadata={"help": explanation, "choices": choices, "is_path": is_path})


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`[server]`: the box itself."""

    name: str = _key("Sở NNMT Hưng Yên", "who runs this box; stands in the console's title")
    data_dir: Path = _key(Path("var"), "folder of everything that is kept, relative to this file")
    language: str = _key("vi", "first language of the console", choices=("vi", "en"))


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """`[storage]`: the database."""

    url: str = _key("sqlite://{data_dir}/trambox.db", "sqlite://PATH, or postgres://user:pass@host:5432/db")
    reserve_mb: int = _key(64, "disk space that stays free, in MiB; below it nothing is accepted")


@dataclass(frozen=True, slots=True)
class WebSettings:
    """`[web]`: console, API and metrics."""

    bind: Address = _key(Address("127.0.0.1", 8080), "host:port; port 0 picks a free one")
    tls_certificate: str = _key("", "PEM file with the certificate chain; empty: plain HTTP", is_path=True)
    tls_key: str = _key("", "PEM file with the private key", is_path=True)
    tiles_url: str = _key(
        "", "map tiles, e.g. https://host/{z}/{x}/{y}.png; browsers load them from there; empty: a graticule only"
    )
    tiles_attribution: str = _key("", "whose map that is, as its terms ask to be written, e.g. © OpenStreetMap")


@dataclass(frozen=True, slots=True)
class FtpSettings:
    """`[ftp]`: intake of station files."""

    bind: Address = _key(Address("0.0.0.0", 2121), "host:port; port 0 picks a free one")
    passive_ports: PortRange = _key(
        PortRange(40000, 40099), "first and last port for passive data; [0, 0]: any free one"
    )
    public_address: str = _key("", "IPv4 address told to clients behind NAT; empty: the one they reached")
    tls_certificate: str = _key("", "PEM file with the certificate chain; empty: no AUTH TLS", is_path=True)
    tls_key: str = _key("", "PEM file with the private key", is_path=True)
    require_tls: bool = _key(False, "refuse a login without TLS")


@dataclass(frozen=True, slots=True)
class SftpSettings:
    """`[sftp]`: intake of station files over SSH; its host key is made in the data folder at the first start."""

    bind: Address = _key(Address("0.0.0.0", 2222), "host:port; port 0 picks a free one")


@dataclass(frozen=True, slots=True)
class AmqpSettings:
    """`[amqp]`: intake of waypoints."""

    bind: Address = _key(Address("0.0.0.0", 5673), "host:port; port 0 picks a free one")
    tls_certificate: str = _key("", "PEM file with the certificate chain; empty: plain AMQP", is_path=True)
    tls_key: str = _key("", "PEM file with the private key", is_path=True)


@dataclass(frozen=True, slots=True)
class NightlySettings:
    """`[nightly]`: what is judged once a day: values that came very late, drift, proposals of thresholds."""

    at: str = _key("02:30", "time of day in Vietnam, hh:mm; `trambox nightly` runs it at once")


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """`[retention]`: how long waypoints and violations are kept (TT 09/2015/TT-BGTVT); expiry is an event."""

    waypoints_days: int = _key(365, "waypoints are kept so many days, at least 365 (TT 09/2015/TT-BGTVT: one year)")
    violations_days: int = _key(
        1095, "closed violations are kept so many days, at least 1095 (TT 09/2015/TT-BGTVT: three years)"
    )
    hot_days: int = _key(3, "complete days that stay in the database before they move to the archive, 2 to 7")


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """`[review]`: manual quality control of doubtful values."""

    verification_s: int = _key(
        7200, "a station answers a request for verification within this time (QĐ 338/QĐ-KTTV: 2 hours), in seconds"
    )
    interpolation_max_gap_s: int = _key(
        10800, "widest hole that interpolation fills where the reviewer names none, in seconds (no regulation says)"
    )
    neighbours_km: int = _key(50, "how far stations shown beside a doubtful value may be, in km (no regulation says)")


@dataclass(frozen=True, slots=True)
class VehicleSettings:
    """`[vehicles]`: which rows of the law hold; the rows themselves, with article and days, are shipped."""

    overspeed_s: int = _key(
        30, "a speed violation lasts longer than this, as the receiver judges: 30, or 20 (QCVN 31:2014/BGTVT)"
    )
    weekly_hours: bool = _key(False, "state more than 48 h at the wheel in a week (Luật 36/2024/QH15 Điều 64)")


@dataclass(frozen=True, slots=True)
class NoticesSettings:
    """`[notices]`: letters to the responsible units; who they are stands in the inventory (`[[recipients]]`)."""

    smtp_host: str = _key("", "mail server; empty: e-mails wait until there is one")
    smtp_port: int = _key(587, "its port: 587 with starttls, 465 with tls, 25 with none")
    smtp_security: str = _key("starttls", "how the line is protected", choices=("starttls", "tls", "none"))
    smtp_username: str = _key("", "login at the mail server; empty: none")
    smtp_password: str = _key("", "its password; better given as TRAMBOX_NOTICES_SMTP_PASSWORD")
    sender: str = _key("", "address that letters come from, e.g. Trambox <trambox@example.vn>")
    public_url: str = _key(
        "", "how readers reach this console, e.g. https://tram.example.vn; empty: letters have no link"
    )
    gather_s: int = _key(300, "a letter waits this long for companions of the same cause, in seconds, at most 900")
    calm_s: int = _key(1800, "a station without a doubtful value for so long has recovered, in seconds")
    repeat_s: int = _key(14400, "an unanswered notice is repeated this often, in seconds")
    answer_s: int = _key(7200, "an answer is due within this time (QĐ 338/QĐ-KTTV: 2 hours), in seconds")


@dataclass(frozen=True, slots=True)
class TrafficSettings:
    """`[traffic]`: how vehicles are judged."""

    ceiling: str = _key(
        "none",
        "a vehicle without a zone and without its own limit has that of its class (vehicle_classes.toml) on this kind "
        "of road: dual (light vehicles 90, heavy ones 80 km/h) or single (80, 70); none: no limit",
        choices=("none", "dual", "single"),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All sections; the field names are the section names."""

    server: ServerSettings = field(default_factory=ServerSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    web: WebSettings = field(default_factory=WebSettings)
    ftp: FtpSettings = field(default_factory=FtpSettings)
    sftp: SftpSettings = field(default_factory=SftpSettings)
    amqp: AmqpSettings = field(default_factory=AmqpSettings)
    nightly: NightlySettings = field(default_factory=NightlySettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    review: ReviewSettings = field(default_factory=ReviewSettings)
    vehicles: VehicleSettings = field(default_factory=VehicleSettings)
    notices: NoticesSettings = field(default_factory=NoticesSettings)
    traffic: TrafficSettings = field(default_factory=TrafficSettings)
