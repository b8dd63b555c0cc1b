"""Folder listings as bytes: LIST in the manner of `ls -l`, MLSD and MLST facts, NLST names; pure.

Times are UTC, as the facts' rule asks. LIST gives the day with its year, so that it needs no clock; the second is told
by MLSD and MDTM.
Source: RFC 959 (LIST, NLST), RFC 3659 (MLSD, MLST, MDTM).
"""

import time
from collections.abc import Iterable

from protocols.uploads import Entry

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def build_list(entries: Iterable[Entry]) -> bytes:
    """Write lines like `ls -l`."""
    return "".join(f"{build_list_line(entry)}\r\n" for entry in entries).encode()


def build_list_line(entry: Entry) -> str:
    """Write one line like `ls -l`."""
    moment = time.gmtime(entry.modified_s)
    mode, links = ("drwxr-xr-x", 2) if entry.is_folder else ("-rw-r--r--", 1)
    day = f"{MONTHS[moment.tm_mon - 1]} {moment.tm_mday:2}  {moment.tm_year:04}"
    return f"{mode} {links} trambox trambox {entry.size:>10} {day} {entry.name}"


def build_nlst(entries: Iterable[Entry]) -> bytes:
    """Write bare names."""
    return "".join(f"{entry.name}\r\n" for entry in entries).encode()


def build_mlsd(entries: Iterable[Entry]) -> bytes:
    """Write one line of facts for each entry."""
    return "".join(f"{build_facts(entry)} {entry.name}\r\n" for entry in entries).encode()


def build_facts(entry: Entry) -> str:
    """Write the facts of an entry, each closed by a semicolon."""
    if entry.is_folder:
        return f"type=dir;modify={build_mdtm(entry.modified_s)};perm=cdelmp;"
    return f"type=file;size={entry.size};modify={build_mdtm(entry.modified_s)};perm=adfrw;"


def build_mdtm(modified_s: int) -> str:
    """Write `yyyyMMddHHmmss` in UTC."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(modified_s))


def without_switches(argument: str) -> str:
    """Take `-a`, `-la` and their like off the argument of LIST or NLST; what is left is a path."""
    words = argument.strip()
    while words.startswith("-"):
        words = words.partition(" ")[2].lstrip()
    return words
