"""Client paths: whatever a logger types becomes one clean absolute path, and names say what they are.

Loggers send backslashes, doubled slashes, drive-like folders and dots; everyone behind this module sees only
`/`-separated absolute paths in Unicode NFC. Percent forms stay as they came: FTP and SFTP know no such escape.

Invariant: a normalised path begins with `/`, holds no `.`, no `..`, no empty part and no control character, so it
cannot leave the root it is joined to.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from protocols.errors import PathRefused
from protocols.times import parse_stamp

MAX_PART_BYTES = 255
MAX_PATH_BYTES = 1024

TEMPORARY_SUFFIXES = (".tmp", ".temp", ".part", ".filepart", ".partial", ".upload", ".uploading")
TEMPORARY_PREFIXES = (".", "tmp.", "temp.", "tmp_", "temp_")

_FORBIDDEN_CATEGORIES = ("Cc", "Cs", "Zl", "Zp")
_STAMP_BEFORE_EXTENSION = re.compile(r"(?<![0-9])([0-9]{14})(?:\.[^.]*)?$")
_IN_PROGRESS = re.compile(r"\.in\.(.+)\.")


def normalise(text: str, folder: str = "/") -> str:
    """Clean what a client typed and join it to its current folder.

    Args:
        text: absolute or relative, with `/` or `\\`; `..` at the root stays at the root.
        folder: the current folder, already normalised.
    Raises:
        PathRefused: control characters, or longer than a file system keeps.
    """
    if not _is_plain(text):
        text = _tidy(text)
    joined = text if text.startswith("/") else f"{folder}/{text}"
    parts: list[str] = []
    for part in joined.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    path = "/" + "/".join(parts)
    if len(path) > MAX_PART_BYTES // 4:
        _check_length(path, parts)
    return path


def name_of(path: str) -> str:
    """Give the last part of a normalised path; empty for the root."""
    return path.rpartition("/")[2]


def parent_of(path: str) -> str:
    """Give the folder a normalised path stands in; the root is its own."""
    return path.rpartition("/")[0] or "/"


def is_temporary(name: str) -> bool:
    """Say whether a file name is one that clients use while they are still writing."""
    lower = name.lower()
    return lower.startswith(TEMPORARY_PREFIXES) or lower.endswith(("~", *TEMPORARY_SUFFIXES))


def final_name(name: str) -> str:
    """Take the marks of a temporary name away; the name itself where nothing would be left."""
    clean = name
    while is_temporary(clean):
        shorter = _without_one_mark(clean)
        if not shorter:
            return name
        clean = shorter
    return clean


def station_of(path: str, stations: Iterable[str]) -> str | None:
    """Find the station a path speaks of, among those of the grant.

    The file's own name decides (`CODE_...`, the longest code that fits), else the first folder that is a code, else the
    only station there is; letters' case does not matter. The code is returned as the grant writes it.
    """
    codes = _folded(tuple(stations))
    *folders, name = path.strip("/").casefold().split("/")
    code = final_name(name)
    while "_" in code:
        code = code.rpartition("_")[0]
        if code in codes:
            return codes[code]
    for folder in folders:
        if folder in codes:
            return codes[folder]
    return next(iter(codes.values())) if len(codes) == 1 else None


@lru_cache(256)
def _folded(stations: tuple[str, ...]) -> Mapping[str, str]:
    """Codes by their folded spelling: an account may have a thousand, and each of its uploads asks."""
    return {code.casefold(): code for code in stations}


def time_in_name(name: str) -> int | None:
    """Read the 14 digits before the extension as Vietnamese time.

    Returns:
        UTC epoch seconds; None where there are no such digits, or they are no real time.
    Source: TT 10/2021/TT-BTNMT Phụ lục 15 (file names).
    """
    found = _STAMP_BEFORE_EXTENSION.search(final_name(name))
    return parse_stamp(found[1]) if found else None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "\\" not in text


def _tidy(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in _FORBIDDEN_CATEGORIES:
            raise PathRefused("control character in path")
    return unicodedata.normalize("NFC", text).replace("\\", "/")


def _check_length(path: str, parts: list[str]) -> None:
    if len(path.encode()) > MAX_PATH_BYTES or any(len(part.encode()) > MAX_PART_BYTES for part in parts):
        raise PathRefused("path too long")


def _without_one_mark(name: str) -> str:
    if in_progress := _IN_PROGRESS.fullmatch(name):
        return in_progress[1]
    lower = name.lower()
    for suffix in ("~", *TEMPORARY_SUFFIXES):
        if lower.endswith(suffix):
            return name[: -len(suffix)]
    return next((name[len(prefix) :] for prefix in TEMPORARY_PREFIXES if lower.startswith(prefix)), "")
