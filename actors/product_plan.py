"""Which product each parameter gets, and how: by its element, or as the inventory says.

A direction is a vector wherever it is recognised, whatever its unit: a mean of degrees is wrong by half a compass. Rain
is added up only in a unit of amount (mm), never as an intensity (mm/h).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from actors.rules.aqi import Mode
from actors.rules.averaging import COMPLETENESS, HourlyMeanThresholds
from actors.rules.defaults import Element, find_element
from actors.rules.rain import HYDROMET_DAY_START_HOUR, RainSumThresholds
from actors.rules.wind import CALM_MS, LEAST_RESULTANT, Weight, WindDirThresholds
from protocols.symbols import canonical_symbol
from protocols.units import canonical_unit
from protocols.vocabulary import ProductKind, StationKind
from storage.models import ParameterRow

TABLES = {ProductKind.MEAN: "hourly_mean", ProductKind.VECTOR: "wind_dir", ProductKind.SUM: "rain_sum"}
"""The `qc` table that each kind of product is set by."""
DIRECTIONS = ("dd", "WindDir", "WD")
SPEEDS = ("WindSpeed", "ff", "WS")
RAIN = ("R", "Rain")
AMOUNTS = ("mm",)
SPEED_OF = {"dd": "ff", "WD": "WS"}
"""Directions and speeds that are named in pairs; else the first speed of the station is the partner."""


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """How one parameter's readings are brought together; calm, r_min, weight and `speed` are for directions."""

    kind: ProductKind
    interval_s: float
    completeness: float = COMPLETENESS
    speed: str = ""
    calm_ms: float = CALM_MS
    r_min: float = LEAST_RESULTANT
    weight: Weight = "unit"


@dataclass(frozen=True, slots=True)
class StationProducts:
    """A station's own settings: `products = { ... }` of the inventory.

    Args:
        freeze_after_h: from so many hours after its end a product is reported for good: what changes it makes a new
            version that says so; None = never.
    """

    aqi_mode: Mode = "law_norm"
    day_start_hour: int = HYDROMET_DAY_START_HOUR
    freeze_after_h: float | None = None


@dataclass(frozen=True, slots=True)
class StationPlan:
    """All of a station; `of` by symbol, an unregistered parameter gets `other`."""

    of: Mapping[str, ProductPlan | None]
    other: ProductPlan
    settings: StationProducts = field(default_factory=StationProducts)

    def plan(self, symbol: str) -> ProductPlan | None:
        """The plan of a series; None where its product is turned off."""
        return self.of.get(symbol, self.other)


def plan_station(
    rows: Sequence[ParameterRow],
    kind: StationKind,
    cadence_s: int,
    elements: Iterable[Element],
    settings: Mapping[str, object] | None = None,
) -> StationPlan:
    """Settle the plans of a station; raises ValueError for a table that contradicts itself."""
    known = tuple(elements)
    speeds = [row.symbol for row in rows if canonical_symbol(row.symbol) in SPEEDS or row.symbol in SPEEDS]
    of = {row.symbol: _plan(row, kind, cadence_s, known, speeds) for row in rows}
    other = ProductPlan(ProductKind.MEAN, cadence_s)
    return StationPlan(of, other, StationProducts(**(settings or {})))  # type: ignore[arg-type]


def product_kind(symbol: str, unit: str, kind: StationKind, elements: Iterable[Element]) -> ProductKind:
    """The product that a parameter gets where nobody says otherwise."""
    element = find_element(elements, symbol, unit, kind)
    name = "" if element is None else element.name
    spelled = {symbol, canonical_symbol(symbol)}
    if name == "wind_direction" or spelled & set(DIRECTIONS):
        return ProductKind.VECTOR
    if name == "rain" or (spelled & set(RAIN) and canonical_unit(unit) in AMOUNTS):
        return ProductKind.SUM
    return ProductKind.MEAN


def _plan(
    row: ParameterRow, kind: StationKind, cadence_s: int, elements: Sequence[Element], speeds: Sequence[str]
) -> ProductPlan | None:
    product = ProductKind(row.product) if row.product else _by_tables(row, kind, elements)
    given = row.qc.get(TABLES[product], {})
    if given is False:
        return None
    table = given if isinstance(given, Mapping) else {}
    if product is ProductKind.VECTOR:
        wind = WindDirThresholds.from_table(table, cadence_s)
        speed = row.speed or _partner(row.symbol, speeds)
        return ProductPlan(product, wind.interval_s, wind.completeness, speed, wind.calm, wind.r_min, wind.weight)
    reader = HourlyMeanThresholds if product is ProductKind.MEAN else RainSumThresholds
    settled = reader.from_table(table, cadence_s)
    return ProductPlan(product, settled.interval_s, settled.completeness)


def _by_tables(row: ParameterRow, kind: StationKind, elements: Sequence[Element]) -> ProductKind:
    """A parameter that has the table of a vector or a sum is one."""
    for product in (ProductKind.VECTOR, ProductKind.SUM):
        if row.qc.get(TABLES[product]):
            return product
    return product_kind(row.symbol, row.unit, kind, elements)


def _partner(direction: str, speeds: Sequence[str]) -> str:
    wanted = SPEED_OF.get(direction)
    if wanted in speeds:
        return str(wanted)
    return speeds[0] if speeds else ""
