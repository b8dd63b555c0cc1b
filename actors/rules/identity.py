"""Plates and licences as one spelling: upper case, digits and Latin letters only.

Trackers send `29A-123.45`, `29a12345` and ` 29A12345` for the same vehicle. The spelling as received is kept with the
waypoint; this one is the key.
Source: TT 09/2015/TT-BGTVT: a plate is sent joined, without special characters.
"""

import re

PLACEHOLDER_LICENCES = frozenset({"123451234512345", "SOBANGLAIXE"})
"""What trackers send for "nobody has logged in"; met in public client code."""
LONGEST_LICENCE = 32
"""Of digits and letters; a licence of Viet Nam has 12. What is longer is other text, and has no room in a case."""

_CLEAN = re.compile(r"[0-9A-Z]*")
_UNCLEAN = re.compile(r"[^0-9A-Z]+")


def clean_identity(text: str) -> str:
    """Spell a plate or a licence number in upper case with [0-9A-Z] only."""
    return text if _CLEAN.fullmatch(text) else _UNCLEAN.sub("", text.upper())


def is_placeholder_licence(licence: str) -> bool:
    """Whether a clean licence number names nobody: a known filler, one character repeated, or too long to be one."""
    length = len(licence)
    if length > LONGEST_LICENCE:
        return True
    return licence in PLACEHOLDER_LICENCES or (length > 1 and licence == licence[0] * length)


def driver_of(licence: str) -> str:
    """Name the driver a licence field speaks of; empty where it speaks of nobody."""
    clean = clean_identity(licence)
    return "" if is_placeholder_licence(clean) else clean
