"""Reads `[[pulls]]`: loggers' own servers that are visited on a schedule."""

import string
from urllib.parse import urlsplit

from conf.coherence import without_password
from conf.faults import did_you_mean
from conf.table_reader import TableReader
from storage.entries import PullEntry

SCHEMES = ("ftp", "ftps", "sftp")
PLACEHOLDERS = ("yyyy", "MM", "dd")
NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"


def read_pull(table: TableReader) -> PullEntry:
    """Read one server."""
    every_s = table.integer("every_s", low=10, high=86400)
    look_back = table.integer("look_back_days", low=1, high=60)
    settle_s = table.integer("settle_s", low=0, high=3600)
    entry = PullEntry(
        name=table.text("name", required=True, longest=64, pattern=NAME, mend="use letters, digits, _ and -"),
        url=_url(table),
        stations=table.texts("stations") or (),
        pattern=table.text("pattern", longest=128) or "*",
        every_s=300 if every_s is None else every_s,
        look_back_days=2 if look_back is None else look_back,
        settle_s=10 if settle_s is None else settle_s,
        enabled=table.flag("enabled", True),
    )
    if not entry.stations:
        table.fault("stations", None, "is missing", "name the stations whose files stand there")
    table.finish()
    return entry


def _url(table: TableReader) -> str:
    mend = "write e.g. sftp://user:pass@host:22/data/{yyyy}/{MM}/{dd}"
    url = table.text("url", required=True, longest=400, mend=mend)
    if not url:
        return url
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
        names = [name for _, name, _, _ in string.Formatter().parse(parts.path) if name is not None]
    except ValueError:
        is_whole, names = False, []
    if not is_whole:
        table.fault("url", without_password(url), "is not an address to fetch from", mend)
    for name in names:
        if name not in PLACEHOLDERS:
            table.fault("url", f"{{{name}}}", "is an unknown placeholder", did_you_mean(name, PLACEHOLDERS))
    return url
