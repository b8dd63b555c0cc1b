"""Coordinates of TT 13/2023: degrees, minutes and seconds written as one run of digits.

    1052445  105 degrees 24 minutes 45 seconds      091309 and 91309  9 degrees 13 minutes 9 seconds

Invariant: what is no place is never made one: the rule's own examples with 76 seconds or 88 minutes give no degrees.
Source: TT 13/2023/TT-BTNMT Phụ lục I (columns Kinhdo, Vido).
"""

import re
from functools import lru_cache

DIGITS = re.compile(r"([0-9]{1,3})([0-9]{2})([0-9]{2})")
SIGNS = re.compile(r"([0-9]{1,3})\s*°\s*([0-9]{1,2})\s*['′]\s*([0-9]{1,2})\s*(?:\"|″|'')?")
LONGITUDE_MOST, LATITUDE_MOST = 180, 90


@lru_cache(maxsize=4096)
def read_dms(text: str, most_degrees: int) -> float | None:
    """Read one coordinate.

    Args:
        most_degrees: 180 for a longitude, 90 for a latitude.
    Returns:
        Degrees, or None where the text is no coordinate (minutes or seconds above 59, too many degrees, other letters).
    """
    found = (DIGITS if text.isdecimal() else SIGNS).fullmatch(text)
    if found is None:
        return None
    degrees, minutes, seconds = map(int, found.groups())
    if minutes > 59 or seconds > 59:
        return None
    place = degrees + minutes / 60 + seconds / 3600
    return place if place <= most_degrees else None


def build_dms(degrees: float) -> str:
    """Write degrees as the digits of the rule, seconds rounded."""
    seconds = round(degrees * 3600)
    return f"{seconds // 3600}{seconds // 60 % 60:02}{seconds % 60:02}"


def is_place(longitude: str, latitude: str) -> bool:
    """Whether both coordinates, where they are given, are ones."""
    return (not longitude or read_dms(longitude, LONGITUDE_MOST) is not None) and (
        not latitude or read_dms(latitude, LATITUDE_MOST) is not None
    )
