"""Reads `[[vehicles]]` and `[[destinations]]`."""

import string
from collections.abc import Sequence
from urllib.parse import urlsplit

from actors.rules.identity import clean_identity
from conf.coherence import without_password
from conf.faults import did_you_mean
from conf.table_reader import TableReader
from protocols.vocabulary import DestinationKind, StationKind
from storage.entries import FILE_NAME, DestinationEntry, VehicleEntry

SCHEMES = {DestinationKind.FILES: ("ftp", "ftps", "sftp"), DestinationKind.WAYPOINTS: ("amqp", "amqps")}
FILES_ONLY = (
    "minute", "layout", "hour_label", "min_completeness", "suspect", "decimals", "file_name", "parameters", "symbols",
    "codes", "media",
)  # fmt: skip
WAYPOINTS_ONLY = ("exchange", "routing_key", "deadline_s")
LAYOUTS = ("tt10_2021", "cv5417_2016")
"""What an hourly file can be written in; TT 13/2023 names a work and its coordinates, which a mean does not have."""
NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"
PLACEHOLDERS = ("medium",)
NAME_PARTS = ("code", "stamp", "medium")


def read_vehicle(table: TableReader) -> VehicleEntry:
    """Read one vehicle; the plate is kept in its clean spelling (`29A-123.45` is `29A12345`)."""
    entry = VehicleEntry(
        plate=clean_identity(table.text("plate", required=True, longest=24, mend="write e.g. 29A12345")),
        provider=table.text("provider", longest=64),
        company=table.text("company"),
        department=table.text("department"),
        business=table.text("business", longest=64),
        seats=table.integer("seats", low=0, high=200),
        payload_kg=table.integer("payload_kg", low=0, high=1_000_000),
        speed_limit_kmh=table.number("speed_limit_kmh", low=1, high=200),
        terminal=table.text("terminal"),
        device=table.text("device", longest=64),
        sim=table.text("sim", longest=64),
        vin=table.text("vin", longest=64),
    )
    table.finish()
    return entry


def read_destination(table: TableReader) -> DestinationEntry:
    """Read one destination; the keys of the other kind are faults."""
    kind = table.choice("kind", DestinationKind)
    deadline_s = table.integer("deadline_s", low=1, high=86400)
    minute = table.integer("minute", low=0, high=59)
    completeness = table.number("min_completeness", low=0, high=1)
    decimals = table.integer("decimals", low=0, high=10)
    entry = DestinationEntry(
        name=table.text("name", required=True, longest=64, pattern=NAME, mend="use letters, digits, _ and -"),
        kind=kind,
        url=_url(table, kind),
        exchange=table.text("exchange", longest=127, required=kind == DestinationKind.WAYPOINTS),
        routing_key=table.text("routing_key", longest=127),
        deadline_s=120 if deadline_s is None else deadline_s,
        minute=5 if minute is None else minute,
        layout=table.choice("layout", LAYOUTS, "tt10_2021"),
        hour_label=table.choice("hour_label", ("end", "start"), "end"),
        min_completeness=0.75 if completeness is None else completeness,
        enabled=table.flag("enabled", True),
        suspect=table.flag("suspect", True),
        decimals=4 if decimals is None else decimals,
        file_name=_file_name(table),
        parameters=table.texts("parameters"),
        symbols=_names(table, "symbols"),
        codes=_names(table, "codes"),
        media=_names(table, "media", [str(kind) for kind in StationKind]),
    )
    foreign = {DestinationKind.FILES.value: WAYPOINTS_ONLY, DestinationKind.WAYPOINTS.value: FILES_ONLY}
    for key in foreign.get(kind, ()):
        if table.has(key):
            table.fault(key, None, f"does not belong to a destination of kind {kind}", "take it out")
    table.finish()
    return entry


def _file_name(table: TableReader) -> str:
    """The pattern of a file's name; without the time a file would overwrite the one before."""
    pattern = table.text("file_name", longest=120) or FILE_NAME
    mend = "write e.g. {code}_{stamp}.txt"
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None]
    except ValueError:
        table.fault("file_name", pattern, "is no pattern", mend)
        return pattern
    for name in names:
        if name not in NAME_PARTS:
            table.fault("file_name", f"{{{name}}}", "is an unknown placeholder", did_you_mean(name, NAME_PARTS))
    if not {"code", "stamp"} <= set(names) or "/" in pattern:
        table.fault("file_name", pattern, "does not name one file of one station and hour", mend)
    return pattern


def _names(table: TableReader, key: str, known: Sequence[str] = ()) -> dict[str, str] | None:
    """A table from our names to those of the receiver."""
    inner = table.table(key)
    if inner is None:
        return None
    names = inner.rest()
    for name, theirs in names.items():
        if known and name not in known:
            inner.fault(name, None, "is not one of the choices", did_you_mean(name, known))
        elif not isinstance(theirs, str) or not theirs or "\t" in theirs or "/" in theirs:
            inner.fault(name, theirs, "is not a name", 'write it as "..." without tab and slash')
    return names


def _url(table: TableReader, kind: str) -> str:
    url = table.text("url", required=True, longest=400, mend="write e.g. ftp://user:pass@host:21/folder/{medium}")
    if not url or not kind:
        return url
    schemes = SCHEMES[DestinationKind(kind)]
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        names = [name for _, name, _, _ in string.Formatter().parse(parts.path) if name is not None]
    except ValueError:
        is_whole, names = False, []
    if not is_whole:
        mend = f"write {' or '.join(f'{scheme}://' for scheme in schemes)}user:pass@host:port/..."
        table.fault("url", without_password(url), f"is not an address for {kind}", mend)
    for name in names:
        if name not in PLACEHOLDERS:
            table.fault("url", f"{{{name}}}", "is an unknown placeholder", did_you_mean(name, PLACEHOLDERS))
    return url
