"""Reads the query string: ranges of time, days, pages; what cannot be read is refused by name."""

import math
import re
from dataclasses import dataclass

from quart import request

from actors.map_view import Window
from protocols.times import DAY_S, parse_iso
from web.refusals import bad_value

DEFAULT_LIMIT = 1000
LARGEST_LIMIT = 100_000
ICT_MIDNIGHT = "T00:00:00+07:00"


@dataclass(frozen=True, slots=True)
class Page:
    """A window into a long list."""

    limit: int
    offset: int


def moment(text: str, field: str) -> int:
    """Read an ISO 8601 time; a bare date is its midnight in Vietnam, a `+` that became a space in the URL is mended."""
    mended = re.sub(r" (\d\d:\d\d)$", r"+\1", text) if "T" in text else text
    if re.fullmatch(r"\d{4}-\d\d-\d\d", mended):
        mended += ICT_MIDNIGHT
    try:
        return parse_iso(mended)
    except (ValueError, OverflowError) as error:
        raise bad_value(field, f"{text!r} is not an ISO 8601 time such as 2026-01-31T10:00:00+07:00") from error


def span(now_s: float, default_s: int = DAY_S) -> tuple[int, int]:
    """Read `from` and `to`, both inclusive; the last `default_s` seconds where they are absent."""
    to_text, from_text = request.args.get("to", ""), request.args.get("from", "")
    to_s = moment(to_text, "to") if to_text else int(now_s)
    from_s = moment(from_text, "from") if from_text else to_s - default_s
    if from_s > to_s:
        raise bad_value("from", "from is after to")
    return from_s, to_s


def day_start_asked(now_s: float) -> int:
    """Read `day` (yyyy-MM-dd in Vietnamese time; today where absent) as the epoch seconds of its midnight."""
    text = request.args.get("day", "")
    if not text:
        return int((now_s + 7 * 3600) // DAY_S * DAY_S - 7 * 3600)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise bad_value("day", f"{text!r} is not a day such as 2026-01-31")
    return moment(text, "day")


def page(default_limit: int = DEFAULT_LIMIT) -> Page:
    """Read `limit` and `offset`."""
    return Page(number("limit", default_limit, 1, LARGEST_LIMIT), number("offset", 0, 0, 1 << 40))


def window_asked() -> Window:
    """Read `bbox`: west,south,east,north in degrees."""
    try:
        window = Window(*(float(part) for part in request.args.get("bbox", "").split(",")))
    except (TypeError, ValueError) as error:
        raise bad_value("bbox", "bbox must be west,south,east,north in degrees") from error
    if not (all(math.isfinite(side) for side in window) and window.west < window.east and window.south < window.north):
        raise bad_value("bbox", "bbox must be west,south,east,north in degrees, west and south the smaller ones")
    return window


def number(field: str, default: int, least: int, most: int) -> int:
    """Read a whole number."""
    text = request.args.get(field, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 13 and least <= int(text) <= most):
        raise bad_value(field, f"{field} must be a whole number from {least} to {most}")
    return int(text)
