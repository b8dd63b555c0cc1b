"""Vehicles' sums added up into one line."""

from typing import Any

from actors.rules.unit_sums import COUNTS, UnitSums, percent


def row(vehicle_id: int, company: str = "A", **values: float) -> dict[str, Any]:
    names = (*COUNTS, "way_m", "over_m", "worst_kmh")
    return {"vehicle_id": vehicle_id, "department": "Sở", "company": company, **dict.fromkeys(names, 0), **values}


def test_a_vehicle_that_changed_companies_is_one_vehicle_and_two_companies() -> None:
    sums = UnitSums()
    for each in (row(1, over_5=2, way_m=500_000.0), row(1, "B", way_m=500_000.0), row(2, ""), row(3, "B")):
        sums.add(each)
    values = sums.values()
    assert (values["vehicles"], values["violating_vehicles"], values["vehicle_share"]) == (3, 1, 33.333)
    assert (values["companies"], values["violating_companies"], values["company_share"]) == (2, 1, 50.0)
    assert (values["speed"], values["per_1000_km"], values["travelled_km"]) == (2, 2.0, 1000.0)


def test_indicators_are_shares_of_way_time_and_days() -> None:
    """TT 09/2015/TT-BGTVT Điều 7.1 (c), (d), (g)."""
    sums = UnitSums()
    sums.add(row(1, way_m=400_000.0, over_m=3_000.0, moving_s=1_000, over_s=15, active_days=8, driving_days=2))
    values = sums.values()
    assert (values["way_share"], values["time_share"], values["driving_day_share"]) == (0.75, 1.5, 25.0)


def test_what_was_not_driven_or_has_no_method_has_no_number() -> None:
    values = UnitSums().values()
    for name in ("per_1000_km", "way_share", "time_share", "driving_day_share", "itinerary", "worst_kmh"):
        assert values[name] is None
    assert percent(0, 0) is None
