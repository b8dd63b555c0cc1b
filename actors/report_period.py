"""The periods of the quality reports and the day before which each is due.

Source: QĐ 338/QĐ-KTTV Điều 8.2: a month before the 10th, the first half year before 15 July, a year before 20 January.
"""

import re
from datetime import datetime
from typing import NamedTuple

from protocols.times import ICT


class Period(NamedTuple):
    """A period [from_s, to_s) in Vietnamese days, its name, and the start of the day before which it is due."""

    name: str
    from_s: int
    to_s: int
    due_s: int


def read_period(text: str) -> Period | None:
    """Read `2026-11`, `2026-H1` or `2026`; None for anything else."""
    found = re.fullmatch(r"(\d{4})(?:-(H1|0[1-9]|1[0-2]))?", text)
    if found is None or not 1970 <= int(found[1]) <= 9000:
        return None
    year, part = int(found[1]), found[2]
    if part is None:
        return Period(text, _day(year, 1, 1), _day(year + 1, 1, 1), _day(year + 1, 1, 20))
    if part == "H1":
        return Period(text, _day(year, 1, 1), _day(year, 7, 1), _day(year, 7, 15))
    month = int(part)
    next_year, next_month = (year + 1, 1) if month == 12 else (year, month + 1)
    return Period(text, _day(year, month, 1), _day(next_year, next_month, 1), _day(next_year, next_month, 10))


def month_before(now_s: float) -> str:
    """The name of the month that ended last."""
    today = datetime.fromtimestamp(now_s, ICT)
    year, month = (today.year - 1, 12) if today.month == 1 else (today.year, today.month - 1)
    return f"{year}-{month:02}"


def _day(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=ICT).timestamp())
