"""What the averaging clock makes of a station's readings: one product per parameter and period, in versions.

`Made` is handed on before it is stored, in the unit that stores it, so that whatever follows from a product (a file
owed, an exceedance) is durable with it or not at all.
Invariant: versions of one station and period only grow; a product that says the same as the one in use is not new.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from actors.station_profile import StationProfile
from protocols.vocabulary import Flag, Period, ProductKind
from storage.writer import Unit


@dataclass(frozen=True, slots=True)
class Product:
    """One parameter's mean, vector or sum; `value` is None where too little of it was there (MISSING).

    Args:
        count: what it was made of: readings, for means of more than an hour the hourly means.
        wind_kind: what a direction is (`WindKind`); empty for everything else.
        parts: what longer products of sums and vectors are made from; `regular`, where so many records suffice because
            the hour's increased frequency was not met (actors/hour_products.py).
    """

    parameter: str
    kind: ProductKind
    value: float | None
    unit: str
    flag: Flag
    count: int
    expected: int
    version: int = 1
    reason: str = ""
    wind_kind: str = ""
    parts: Mapping[str, float] | None = None

    @property
    def measured_by(self) -> int:
        """The records that it needs a share of."""
        return int((self.parts or {}).get("regular", self.expected))

    def says_the_same(self, other: "Product") -> bool:
        """Whether it is the other one, version and reason aside."""
        return (self.kind, self.value, self.unit, self.flag, self.count, self.expected, self.wind_kind, self.parts) == (
            other.kind, other.value, other.unit, other.flag, other.count, other.expected, other.wind_kind, other.parts,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """What one period of one station came to.

    Args:
        end_s: the period is right-closed and ends here.
        values: all products in use, by parameter; those of `changed` are new with this making.
        version: of this making; the new products bear it.
    """

    station_id: int
    period: Period
    end_s: int
    values: tuple[Product, ...]
    version: int
    changed: frozenset[str] = field(default_factory=frozenset[str])


OnMade = Callable[[Unit, StationProfile, Made], None]
"""Adds what follows from a making to the unit that stores it; called on the host loop, may not await."""
