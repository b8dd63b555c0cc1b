"""What `schedule = "..."` of a station means: an interval, times of the day, or the name of a kind of work.

The kinds are dated rows with their articles (schedules.toml); of several rows of one name the newest in force counts.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from actors.rules.timetable import Timetable
from protocols.times import DAY_S

EVERY = re.compile(r"every (\d{1,5}) ?(s|min|h)")
TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
UNITS_S = {"s": 1, "min": 60, "h": 3600}
MEND = 'write "every 300 s", "01:00,07:00,13:00,19:00", or the name of a kind of work: '


@dataclass(frozen=True, slots=True)
class WorkSchedule:
    """One row: when a kind of work reports, how late it may, how often during a disaster, and who says so."""

    name: str
    title: str
    timetable: Timetable
    allowed_s: int | None
    raised_s: int | None
    article: str
    valid_from: date


def read_schedule(text: str, cadence_s: int, known: Mapping[str, WorkSchedule] | None = None) -> Timetable:
    """Read a station's schedule; an empty one is every `cadence_s`.

    Raises:
        ValueError: what is wrong; the mend.
    """
    plain = text.strip()
    if not plain:
        return Timetable(cadence_s)
    kinds = work_schedules() if known is None else known
    if plain in kinds:
        return kinds[plain].timetable
    if (every := EVERY.fullmatch(plain)) is not None:
        interval_s = int(every[1]) * UNITS_S[every[2]]
        if not 1 <= interval_s <= DAY_S:
            raise ValueError("an interval is 1 s to 24 h; " + MEND + ", ".join(kinds))
        return Timetable(interval_s)
    times_s = [_time_of_day(word.strip()) for word in plain.split(",")]
    if None in times_s:
        raise ValueError("is neither an interval, nor times of the day, nor a kind of work; " + MEND + ", ".join(kinds))
    return Timetable.at_times(time_s for time_s in times_s if time_s is not None)


def _time_of_day(word: str) -> int | None:
    found = TIME.fullmatch(word)
    if found is None:
        return None
    time_s = int(found[1]) * 3600 + int(found[2]) * 60
    return time_s % DAY_S if time_s <= DAY_S else None


def parse_schedules(text: str) -> tuple[WorkSchedule, ...]:
    """Read the rows of a schedules.toml; raises ValueError."""
    try:
        return tuple(_row(row) for row in tomllib.loads(text)["schedule"])
    except (KeyError, TypeError) as fault:
        raise ValueError(f"schedules: {fault} is missing or unsuitable") from fault


def schedules_on(day: date, rows: tuple[WorkSchedule, ...]) -> dict[str, WorkSchedule]:
    """The rows in force on a day, by name."""
    ordered = sorted(rows, key=lambda row: row.valid_from)
    return {row.name: row for row in ordered if row.valid_from <= day}


@cache
def work_schedules() -> Mapping[str, WorkSchedule]:
    """The newest row of each kind of work."""
    text = files("actors.rules").joinpath("schedules.toml").read_text("utf-8")
    return schedules_on(date.max, parse_schedules(text))


def _row(row: Mapping[str, Any]) -> WorkSchedule:
    text = ",".join(row["times"]) if "times" in row else f"every {row['every_s']} s"
    return WorkSchedule(
        row["name"],
        row["title"],
        read_schedule(text, 0, {}),
        row.get("allowed_s"),
        row.get("raised_s"),
        row["article"],
        row["valid_from"],
    )
