"""Checks which one key alone cannot answer: pairs of keys, files that must exist, the storage URL."""

import ipaddress
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from conf.faults import ConfigFault
from conf.settings import Settings

SQLITE = "sqlite://"
POSTGRES = ("postgres", "postgresql")
MOST_GATHER_S = 900
LEAST_WAYPOINTS_DAYS = 365
LEAST_VIOLATIONS_DAYS = 1095


def _storage_url(settings: Settings) -> Iterator[ConfigFault]:
    url = settings.storage.url
    if url.startswith(SQLITE):
        if len(url) == len(SQLITE):
            yield ConfigFault("storage.url", url, "names no file", 'write e.g. "sqlite://var/trambox.db"')
        return
    try:
        parts = urlsplit(url)
        complete = parts.scheme in POSTGRES and parts.hostname and parts.path.strip("/") and (parts.port or 1)
    except ValueError:
        complete = None
    if not complete:
        mend = 'write "sqlite://PATH" or "postgres://user:pass@host:5432/db"'
        yield ConfigFault("storage.url", without_password(url), "is not a storage address", mend)


def _tls_pairs(settings: Settings) -> Iterator[ConfigFault]:
    for name, section in (("web", settings.web), ("ftp", settings.ftp), ("amqp", settings.amqp)):
        files = {"tls_certificate": section.tls_certificate, "tls_key": section.tls_key}
        for key, path in files.items():
            if path and not Path(path).is_file():
                yield ConfigFault(f"{name}.{key}", path, "is not a file", "give the path of a PEM file")
        if len(missing := [key for key, path in files.items() if not path]) == 1:
            mend = "give both tls_certificate and tls_key, or neither"
            yield ConfigFault(f"{name}.{missing[0]}", "", "is missing beside its twin", mend)


def _ftp_tls(settings: Settings) -> Iterator[ConfigFault]:
    if settings.ftp.require_tls and not settings.ftp.tls_certificate:
        yield ConfigFault("ftp.require_tls", True, "needs a certificate", "set ftp.tls_certificate and ftp.tls_key")


def _public_address(settings: Settings) -> Iterator[ConfigFault]:
    address = settings.ftp.public_address
    try:
        if address:
            ipaddress.IPv4Address(address)
    except ValueError:
        mend = 'write e.g. "203.0.113.7", or leave it empty'
        yield ConfigFault("ftp.public_address", address, "is not an IPv4 address", mend)


def _time_of_night(settings: Settings) -> Iterator[ConfigFault]:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", settings.nightly.at):
        yield ConfigFault("nightly.at", settings.nightly.at, "is not a time of day", 'write hh:mm, e.g. "02:30"')


def _retention(settings: Settings) -> Iterator[ConfigFault]:
    """TT 09/2015/TT-BGTVT: waypoints at least one year, violations at least three."""
    kept = settings.retention
    for key, days, least in (
        ("waypoints_days", kept.waypoints_days, LEAST_WAYPOINTS_DAYS),
        ("violations_days", kept.violations_days, LEAST_VIOLATIONS_DAYS),
    ):
        if days < least:
            mend = f"write at least {least} (TT 09/2015/TT-BGTVT)"
            yield ConfigFault(f"retention.{key}", days, "is shorter than the law allows", mend)
    if not 2 <= kept.hot_days <= 7:
        yield ConfigFault("retention.hot_days", kept.hot_days, "is out of bounds", "write 2 to 7")


def _review(settings: Settings) -> Iterator[ConfigFault]:
    review = settings.review
    for key, value, least, most in (
        ("verification_s", review.verification_s, 60, 86400),
        ("interpolation_max_gap_s", review.interpolation_max_gap_s, 60, 86400),
        ("neighbours_km", review.neighbours_km, 1, 500),
    ):
        if not least <= value <= most:
            yield ConfigFault(f"review.{key}", value, "is out of bounds", f"write {least} to {most}")


def _vehicles(settings: Settings) -> Iterator[ConfigFault]:
    if settings.vehicles.overspeed_s not in (20, 30):
        yield ConfigFault("vehicles.overspeed_s", settings.vehicles.overspeed_s, "is neither 20 nor 30", "write 30")


def _notices(settings: Settings) -> Iterator[ConfigFault]:
    """Twenty minutes are the law, from reception to the list: gathering must leave room for the way."""
    notices = settings.notices
    if notices.gather_s > MOST_GATHER_S:
        mend = f"write at most {MOST_GATHER_S}: the list is due 20 minutes after reception"
        yield ConfigFault("notices.gather_s", notices.gather_s, "is too long", mend)
    if notices.smtp_host and not 0 < notices.smtp_port < 65536:
        yield ConfigFault("notices.smtp_port", notices.smtp_port, "is not a port", "write 587, 465 or 25")
    if notices.public_url and not notices.public_url.startswith(("http://", "https://")):
        yield ConfigFault("notices.public_url", notices.public_url, "is not an address", "write https://host")


def _tiles(settings: Settings) -> Iterator[ConfigFault]:
    """Pages may load pictures from the one host that is named; a pattern of hosts is none."""
    url, words = settings.web.tiles_url, settings.web.tiles_attribution
    if not url:
        return
    is_address = re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/[^\s;,'\"<>]*", url)
    if not is_address or any(part not in url for part in ("{z}", "{x}", "{y}")):
        mend = 'write one host, e.g. "https://tiles.example.vn/{z}/{x}/{y}.png"'
        yield ConfigFault("web.tiles_url", url, "is not an address of tiles", mend)
    if not words:
        mend = "name whose map it is, as its terms ask"
        yield ConfigFault("web.tiles_attribution", words, "is missing beside tiles_url", mend)


CHECKS: tuple[Callable[[Settings], Iterator[ConfigFault]], ...] = (
    _storage_url,
    _tls_pairs,
    _ftp_tls,
    _public_address,
    _time_of_night,
    _retention,
    _review,
    _vehicles,
    _notices,
    _tiles,
)


def incoherences(settings: Settings) -> list[ConfigFault]:
    """Every fault that shows only in the whole."""
    return [fault for check in CHECKS for fault in check(settings)]


def without_password(url: str) -> str:
    """A URL that may be shown: the password is replaced by `***`."""
    scheme, mark, rest = url.partition("://")
    user_info, at, place = rest.rpartition("@")
    if not (mark and at):
        return url
    user, colon, _ = user_info.partition(":")
    return f"{scheme}://{user}{':***' if colon else ''}@{place}"
