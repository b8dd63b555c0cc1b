"""Adds vehicles' sums up into the row of a department, a company, a business type, or a vehicle.

What was never driven has no ratio: None, not 0. Violations of the itinerary are None: TT 09/2015/TT-BGTVT has a column
for them, but no method (NOT FOUND).
Source: TT 09/2015/TT-BGTVT Điều 7.1, Phụ lục 3 to 13.
"""

from collections.abc import Iterable, Mapping
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

    def add(self, row: Mapping[str, Any]) -> None:
        """Add one vehicle's sums (columns of `storage/traffic_sums.py`; what is not there counts nothing)."""
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
        for name in COUNTS:
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

    def values(self) -> dict[str, int | float | None]:
        """Every number of the forms and of art. 7; ways in km, shares in per cent, times in seconds."""
        counts, way_km = self.counts, round(self.way_m / 1000, 3)
        way_share = percent(self.over_m, self.way_m)
        return {
            "companies": len(self.companies),
            "all_companies": len(self.companies),
            "violating_companies": len(self.speeding_companies),
            "company_share": percent(len(self.speeding_companies), len(self.companies)),
            "vehicles": len(self.vehicle_ids),
            "all_vehicles": len(self.vehicle_ids),
            "violating_vehicles": len(self.speeding_ids),
            "vehicle_share": percent(len(self.speeding_ids), len(self.vehicle_ids)),
            **{name: counts[name] for name in ("over_5", "over_10", "over_20", "over_35", "continuous", "daily")},
            "speed": self.speed,
            "per_1000_km": round(self.speed * 1_000_000 / self.way_m, 3) if self.way_m > 0 else None,
            "way_share": way_share,
            "km_share": way_share,
            "travelled_km": way_km,
            "way_km": way_km,
            "over_km": round(self.over_m / 1000, 3),
            "itinerary": None,
            "itinerary_share": None,
            "driving_day_share": percent(counts["driving_days"], counts["active_days"]),
            "active_days": counts["active_days"],
            "driving_days": counts["driving_days"],
            "over_time": counts["over_s"],
            "moving_time": counts["moving_s"],
            "time_share": percent(counts["over_s"], counts["moving_s"]),
            "worst_kmh": round(self.worst_kmh, 1) if self.speed else None,
            **{name: counts[name] for name in ("weekly", "silences", "rare", "lacking", "disorder", "under_5")},
            "silent_time": counts["silent_s"],
        }


def needed(keys: Iterable[str]) -> set[str]:
    """The sums of vehicles that these numbers are made from."""
    return {*SPEEDING, *(name for key in keys for name in _BY_KEY.get(key, (key,)))}


def percent(part: float, whole: float) -> float | None:
    """A share in per cent; None of nothing."""
    return round(100 * part / whole, 3) if whole > 0 else None
