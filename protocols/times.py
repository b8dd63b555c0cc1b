"""Times: UTC epoch seconds inside, Vietnamese time (+07:00, no daylight saving) at the edge.

Observation times are `int` seconds (`time_s`), receipt times `int` milliseconds (`received_ms`), both since 1970, UTC.
"""

import calendar
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

ICT = timezone(timedelta(hours=7), "ICT")
ICT_OFFSET_S = 7 * 3600
DAY_S = 86400
HOUR_S = 3600


def parse_stamp(text: str) -> int | None:
    """Read `yyyyMMddHHmmss` in Vietnamese time.

    Returns:
        UTC epoch seconds, or None where the text is not 14 ASCII digits of a real calendar instant.
    Source: TT 10/2021/TT-BTNMT Phụ lục 15.
    """
    return _instant(text) if len(text) == 14 else None


@lru_cache(4096)
def _instant(text: str) -> int | None:
    """All values of a file, and all files of a slot, have the same few stamps."""
    if not (text.isascii() and text.isdigit()):
        return None
    year, month, day = int(text[0:4]), int(text[4:6]), int(text[6:8])
    hour, minute, second = int(text[8:10]), int(text[10:12]), int(text[12:14])
    if not (year >= 1970 and 1 <= month <= 12 and hour < 24 and minute < 60 and second < 60):
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return calendar.timegm((year, month, day, hour, minute, second)) - ICT_OFFSET_S


def build_stamp(time_s: int) -> str:
    """Write `yyyyMMddHHmmss` in Vietnamese time."""
    return datetime.fromtimestamp(time_s, ICT).strftime("%Y%m%d%H%M%S")


def iso(time_s: float) -> str:
    """Write ISO 8601 with offset +07:00; milliseconds only where there are some."""
    moment = datetime.fromtimestamp(time_s, ICT)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def iso_ms(time_ms: int) -> str:
    """Write a receipt time in milliseconds as ISO 8601 with offset +07:00."""
    return datetime.fromtimestamp(time_ms / 1000, ICT).isoformat(timespec="milliseconds")


def parse_iso(text: str) -> int:
    """Read ISO 8601; a time without offset is Vietnamese time; raises ValueError."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ICT)).astimezone(UTC).timestamp())


def midnight_s(time_s: int) -> int:
    """The beginning of the day in Vietnam that an instant lies in."""
    return time_s - (time_s + ICT_OFFSET_S) % DAY_S


def day_of(time_s: int) -> tuple[int, int, int]:
    """Year, month and day of an instant in Vietnamese time."""
    moment = datetime.fromtimestamp(time_s, ICT)
    return moment.year, moment.month, moment.day


def day_on(time_s: int) -> date:
    """The day of an instant in Vietnamese time."""
    return date(*day_of(time_s))


def day_start(time_s: int) -> int:
    """Epoch seconds of the midnight in Vietnamese time before (or at) an instant."""
    return (time_s + ICT_OFFSET_S) // DAY_S * DAY_S - ICT_OFFSET_S


def day_start_of(day: date) -> int:
    """Epoch seconds of a day's midnight in Vietnamese time."""
    return calendar.timegm(day.timetuple()) - ICT_OFFSET_S


def hour_end(time_s: int) -> int:
    """End of the right-closed clock hour (E-3600, E] that an instant belongs to."""
    return -(-time_s // HOUR_S) * HOUR_S


def day_number(time_s: int) -> int:
    """Days since 1970 of an instant in Vietnamese time."""
    return (time_s + ICT_OFFSET_S) // DAY_S


def month_number(time_s: int) -> int:
    """Months since 1970 of an instant in Vietnamese time."""
    year, month, _ = day_of(time_s)
    return (year - 1970) * 12 + month - 1


def month_begin(number: int) -> int:
    """Epoch seconds of the midnight in Vietnamese time with which a month begins, by its number since 1970."""
    return day_start_of(date(1970 + number // 12, number % 12 + 1, 1))


def day_begin(number: int) -> int:
    """Epoch seconds of the midnight in Vietnamese time with which a day begins, by its number since 1970."""
    return number * DAY_S - ICT_OFFSET_S
