"""Adds vehicles' sums up into the row of a department, a company, a business type, or a vehicle.

What was never driven has no ratio: None, not 0. Violations of the itinerary are None: TT 09/2015/TT-BGTVT has a column
for them, but no method (NOT FOUND).
Source: TT 09/2015/TT-BGTVT Điều 7.1, Phụ lục 3 to 13.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

COUNTS = (
    "moving_s", "under_5", "over_5", "over_10", "over_20", "over_35", "over_s", "continuous", "daily", "weekly",
    "silences", "silent_s", "rare", "lacking", "disorder", "active_days", "driving_days",
)  # fmt: skip
SPEEDING = ("over_5", "over_10", "over_20", "over_35")
_BY_KEY = {
    **dict.fromkeys(("way_share", "km_share"), ("way_m", "over_m")),
    **dict.fromkeys(("travelled_km", "way_km"), ("way_m",)),
    "per_1000_km": ("way_m",),
    "over_km": ("over_m",),
    "over_time": ("over_s",),
    "moving_time": ("moving_s",),
    "time_share": ("over_s", "moving_s"),
    "driving_day_share": ("active_days", "driving_days"),
    "silent_time": ("silent_s",),
}
Value = int | float | None
Company = tuple[str, str]
"""Department and name: two departments may each have one of a name."""


@dataclass(slots=True)
class UnitSums:
    """One row's sums."""

    vehicle_ids: set[int] = field(default_factory=set[int])
    speeding_ids: set[int] = field(default_factory=set[int])
    companies: set[Company] = field(default_factory=set[Company])
    speeding_companies: set[Company] = field(default_factory=set[Company])
    way_m: float = 0.0
    over_m: float = 0.0
    worst_kmh: float = 0.0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))

    def add(self, row: Mapping[str, Any], names: Sequence[str] = COUNTS) -> None:
        """Add one vehicle's sums (columns of `storage/traffic_sums.py`; what is not there counts nothing).

        Args:
            names: those of COUNTS that the row has, where that is known.
        """
        self.vehicle_ids.add(row["vehicle_id"])
        company = row["department"], row["company"]
        if row["company"]:
            self.companies.add(company)
        if any(map(row.get, SPEEDING)):
            self.speeding_ids.add(row["vehicle_id"])
            if row["company"]:
                self.speeding_companies.add(company)
        self.way_m += row.get("way_m", 0)
        self.over_m += row.get("over_m", 0)
        self.worst_kmh = max(self.worst_kmh, row.get("worst_kmh", 0))
        counts = self.counts
        for name in names:
            if value := row.get(name):
                counts[name] += value

    def merge(self, other: "UnitSums") -> None:
        """Add another line's sums."""
        self.vehicle_ids |= other.vehicle_ids
        self.speeding_ids |= other.speeding_ids
        self.companies |= other.companies
        self.speeding_companies |= other.speeding_companies
        self.way_m += other.way_m
        self.over_m += other.over_m
        self.worst_kmh = max(self.worst_kmh, other.worst_kmh)
        for name, value in other.counts.items():
            self.counts[name] += value

    @property
    def speed(self) -> int:
        """Cases of speeding in the columns."""
        return sum(self.counts[name] for name in SPEEDING)

    def value(self, key: str) -> Value:
        """One number of the forms or of art. 7."""
        return NUMBERS[key](self)

    def values(self) -> dict[str, Value]:
        """Every number of the forms and of art. 7; ways in km, shares in per cent, times in seconds."""
        return {key: number(self) for key, number in NUMBERS.items()}


def _count(name: str) -> Callable[[UnitSums], Value]:
    return lambda sums: sums.counts[name]


def _share(part: str, whole: str) -> Callable[[UnitSums], Value]:
    return lambda sums: percent(sums.counts[part], sums.counts[whole])


def _way_share(sums: UnitSums) -> Value:
    return percent(sums.over_m, sums.way_m)


def _nothing(sums: UnitSums) -> Value:
    return None


NUMBERS: Mapping[str, Callable[[UnitSums], Value]] = {
    "companies": lambda sums: len(sums.companies),
    "all_companies": lambda sums: len(sums.companies),
    "violating_companies": lambda sums: len(sums.speeding_companies),
    "company_share": lambda sums: percent(len(sums.speeding_companies), len(sums.companies)),
    "vehicles": lambda sums: len(sums.vehicle_ids),
    "all_vehicles": lambda sums: len(sums.vehicle_ids),
    "violating_vehicles": lambda sums: len(sums.speeding_ids),
    "vehicle_share": lambda sums: percent(len(sums.speeding_ids), len(sums.vehicle_ids)),
    **{name: _count(name) for name in ("over_5", "over_10", "over_20", "over_35", "continuous", "daily")},
    "speed": lambda sums: sums.speed,
    "per_1000_km": lambda sums: round(sums.speed * 1_000_000 / sums.way_m, 3) if sums.way_m > 0 else None,
    "way_share": _way_share,
    "km_share": _way_share,
    "travelled_km": lambda sums: round(sums.way_m / 1000, 3),
    "way_km": lambda sums: round(sums.way_m / 1000, 3),
    "over_km": lambda sums: round(sums.over_m / 1000, 3),
    "itinerary": _nothing,
    "itinerary_share": _nothing,
    "driving_day_share": _share("driving_days", "active_days"),
    "active_days": _count("active_days"),
    "driving_days": _count("driving_days"),
    "over_time": _count("over_s"),
    "moving_time": _count("moving_s"),
    "time_share": _share("over_s", "moving_s"),
    "worst_kmh": lambda sums: round(sums.worst_kmh, 1) if sums.speed else None,
    **{name: _count(name) for name in ("weekly", "silences", "rare", "lacking", "disorder", "under_5")},
    "silent_time": _count("silent_s"),
}
"""The numbers of the forms and of art. 7; ways in km, shares in per cent, times in seconds."""


def needed(keys: Iterable[str]) -> set[str]:
    """The sums of vehicles that these numbers are made from."""
    return {*SPEEDING, *(name for key in keys for name in _BY_KEY.get(key, (key,)))}


def percent(part: float, whole: float) -> float | None:
    """A share in per cent; None of nothing."""
    return round(100 * part / whole, 3) if whole > 0 else None
