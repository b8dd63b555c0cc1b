"""Which product a parameter gets."""

from typing import Any

import pytest

from actors.product_plan import StationProducts, plan_station, product_kind
from actors.rules.defaults import load_elements
from protocols.vocabulary import ProductKind, StationKind
from storage.models import ParameterRow


def row(symbol: str, unit: str = "", **fields: Any) -> ParameterRow:
    return ParameterRow(station_id=1, symbol=symbol, unit=unit, **({"qc": {}} | fields))


@pytest.mark.parametrize(
    ("symbol", "unit", "kind"),
    [
        ("WindDir", "độ", ProductKind.VECTOR),
        ("dd", "of the compass", ProductKind.VECTOR),
        ("R", "mm", ProductKind.SUM),
        ("R", "mm/h", ProductKind.MEAN),
        ("COD", "mg/L", ProductKind.MEAN),
        ("WindSpeed", "m/s", ProductKind.MEAN),
    ],
)
def test_the_element_decides_and_degrees_are_never_averaged_as_numbers(
    symbol: str, unit: str, kind: ProductKind
) -> None:
    assert product_kind(symbol, unit, StationKind.HYDROMET, load_elements()) is kind


def test_the_inventory_says_it_otherwise() -> None:
    rows = [
        row("A", product="sum", qc={"rain_sum": {"interval_s": 600, "completeness": 0.5}}),
        row("B", qc={"wind_dir": {"calm": 1.0, "weight": "speed"}}, speed="ff"),
        row("C", qc={"hourly_mean": False}),
    ]
    plan = plan_station(rows, StationKind.AIR, 300, [])
    a, b = plan.plan("A"), plan.plan("B")
    assert a is not None
    assert b is not None
    assert (a.kind, a.interval_s, a.completeness) == (ProductKind.SUM, 600, 0.5)
    assert (b.kind, b.speed, b.calm_ms, b.weight, b.interval_s) == (ProductKind.VECTOR, "ff", 1.0, "speed", 300)
    assert plan.plan("C") is None
    assert plan.plan("nobody registered it") == plan.other


def test_a_direction_finds_its_speed_by_the_pair_of_names_else_the_first() -> None:
    plan = plan_station([row("WindSpeed"), row("ff"), row("dd"), row("WindDir")], StationKind.HYDROMET, 600, [])
    assert [each.speed for name in ("dd", "WindDir") if (each := plan.plan(name))] == ["ff", "WindSpeed"]
    alone = plan_station([row("dd")], StationKind.HYDROMET, 600, []).plan("dd")
    assert alone is not None
    assert alone.speed == ""


def test_a_station_keeps_what_its_products_say() -> None:
    settings = plan_station([], StationKind.AIR, 300, [], {"aqi_mode": "epa", "freeze_after_h": 48.0}).settings
    assert settings == StationProducts("epa", 19, 48.0)


@pytest.mark.parametrize(
    ("table", "test"),
    [({"completeness": 0}, "hourly_mean"), ({"completeness": 1.1}, "rain_sum"), ({"r_min": 2}, "wind_dir")],
)
def test_a_share_that_is_none_is_refused_by_the_name_of_its_table(table: dict[str, float], test: str) -> None:
    product = {"hourly_mean": "mean", "rain_sum": "sum", "wind_dir": "vector"}[test]
    with pytest.raises(ValueError, match=f"qc.{test}"):
        plan_station([row("A", product=product, qc={test: table})], StationKind.AIR, 300, [])
