"""Plates and licences as one spelling: upper case, digits and Latin letters only.

Trackers send `29A-123.45`, `29a12345` and ` 29A12345` for the same vehicle. The spelling as received is kept with the
waypoint; this one is the key.
Source: TT 09/2015/TT-BGTVT: a plate is sent joined, without special characters.
"""

import re

PLACEHOLDER_LICENCES = frozenset({"123451234512345", "SOBANGLAIXE"})
"""What trackers send for "nobody has logged in"; met in public client code."""

_CLEAN = re.compile(r"[0-9A-Z]*")
_UNCLEAN = re.compile(r"[^0-9A-Z]+")


def clean_identity(text: str) -> str:
    """Spell a plate or a licence number in upper case with [0-9A-Z] only."""
    return text if _CLEAN.fullmatch(text) else _UNCLEAN.sub("", text.upper())


def is_placeholder_licence(licence: str) -> bool:
    """Whether a clean licence number names nobody: a known filler, or one character repeated."""
    return licence in PLACEHOLDER_LICENCES or (len(licence) > 1 and licence == licence[0] * len(licence))


def driver_of(licence: str) -> str:
    """Name the driver a licence field speaks of; empty where it speaks of nobody."""
    clean = clean_identity(licence)
    return "" if is_placeholder_licence(clean) else clean
