"""The class of a vehicle, and its highest speed where no sign says another: dated rows of vehicle_classes.toml.

Invariant: a vehicle of which too little is known has no class, and so no ceiling.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

DUAL, SINGLE = "dual", "single"


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class of vehicles in the days that the row holds."""

    name: str
    dual_kmh: float
    single_kmh: float
    valid_from: date
    article: str
    valid_to: date | None = None
    """First day on which the row holds no more."""
    words: tuple[str, ...] = ()
    """Parts of the type of business that tell the class."""
    seats_over: int | None = None
    payload_over_kg: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def fits(self, business: str, seats: int | None, payload_kg: int | None) -> bool:
        """Whether a vehicle is of this class, where no earlier row fits."""
        if any(word in business.casefold() for word in self.words):
            return True
        if self.seats_over is not None and seats is not None and seats > self.seats_over:
            return True
        return self.payload_over_kg is not None and payload_kg is not None and payload_kg > self.payload_over_kg


def load_classes() -> tuple[ClassRow, ...]:
    """Read the shipped rows."""
    text = files("actors.rules").joinpath("vehicle_classes.toml").read_text("utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["class"]
    return tuple(ClassRow(words=tuple(row.pop("words", ())), **row) for row in rows)


def class_of(business: str, seats: int | None, payload_kg: int | None, rows: Iterable[ClassRow]) -> str:
    """Name the class of a vehicle by the rows of one day; empty where it cannot be told."""
    return next((row.name for row in rows if row.fits(business, seats, payload_kg)), "")


def ceilings(road: str, rows: Iterable[ClassRow]) -> Mapping[str, float]:
    """The highest speed of every class on `dual` or `single` roads; of any other word, none."""
    if road not in (DUAL, SINGLE):
        return {}
    return {row.name: row.dual_kmh if road == DUAL else row.single_kmh for row in rows}
