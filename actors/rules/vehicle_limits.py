"""Dated thresholds of the vehicle rules: rows in, one frozen set of numbers for a day out.

The rows are data (vehicle_limits.toml): a law that changes a number is a new row with its article, not a new program.

Invariant: for one name and choice no two rows hold on the same day.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from importlib.resources import files
from typing import Any, TypeVar

from actors.rules.driving_time import DrivingLimits
from actors.rules.overspeed import OverspeedLimits
from actors.rules.transmission import TransmissionLimits

Group = TypeVar("Group", OverspeedLimits, DrivingLimits, TransmissionLimits)


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One threshold: its value, the days it holds, and the article it stands in."""

    name: str
    value: float
    valid_from: date
    article: str
    valid_to: date | None = None
    """First day on which the row holds no more."""
    choice: str = ""
    """Name of an option that takes the place of the row without one."""

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class VehicleLimits:
    """Every number the vehicle rules need, as they stand on one day."""

    overspeed: OverspeedLimits
    driving: DrivingLimits
    transmission: TransmissionLimits


def parse_limit_rows(text: str) -> tuple[LimitRow, ...]:
    """Read the rows of vehicle_limits.toml.

    Raises:
        ValueError: the text is not TOML, a row lacks a field or has one too many, or two rows hold on the same day.
    """
    document: dict[str, list[dict[str, Any]]] = tomllib.loads(text)
    try:
        rows = tuple(LimitRow(**row) for row in document["limit"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"vehicle limits: {error}") from error
    for index, row in enumerate(rows):
        for other in rows[:index]:
            if (row.name, row.choice) == (other.name, other.choice) and _overlap(row, other):
                both_from = max(row.valid_from, other.valid_from)
                raise ValueError(f"vehicle limits: {row.name} has two rows from {both_from}")
    return rows


def limits_on(day: date, rows: Iterable[LimitRow], choices: Collection[str] = ()) -> VehicleLimits:
    """Gather the numbers that hold on a day.

    Args:
        choices: options taken, e.g. `qcvn_31_2014` for 20 s instead of 30.
    Raises:
        ValueError: a number that a rule cannot do without has no row for that day, or seconds are not whole.
    """
    valid = [row for row in rows if row.holds_on(day) and (not row.choice or row.choice in choices)]
    values = {row.name: row.value for row in sorted(valid, key=lambda row: bool(row.choice))}
    return VehicleLimits(
        _gather("overspeed", OverspeedLimits, values, day),
        _gather("driving", DrivingLimits, values, day),
        _gather("transmission", TransmissionLimits, values, day),
    )


def _gather(prefix: str, group: type[Group], values: Mapping[str, float], day: date) -> Group:
    given: dict[str, Any] = {}
    for field in fields(group):
        name = f"{prefix}.{field.name}"
        if name in values:
            given[field.name] = _whole(name, values[name]) if name.endswith("_s") else float(values[name])
        elif field.default is MISSING:
            raise ValueError(f"vehicle limits: {name} has no row for {day}")
    return group(**given)


def _whole(name: str, value: float) -> int:
    """A number of seconds, however it is written: a compiled rule takes no 30.0 where it says int.

    Raises:
        ValueError: it is not whole.
    """
    if value != int(value):
        raise ValueError(f"vehicle limits: {name} = {value} is no whole number of seconds")
    return int(value)


def _overlap(one: LimitRow, other: LimitRow) -> bool:
    return (one.valid_to is None or other.valid_from < one.valid_to) and (
        other.valid_to is None or one.valid_from < other.valid_to
    )


def load_limits() -> tuple[LimitRow, ...]:
    """Read the shipped rows."""
    return parse_limit_rows(files("actors.rules").joinpath("vehicle_limits.toml").read_text("utf-8"))
