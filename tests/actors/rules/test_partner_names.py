"""Which symbols may be partners, and which rules they suggest."""

from typing import NamedTuple

import pytest

from actors.rules.partner_names import find_symbols, usual_rules
from protocols.vocabulary import StationKind


class Name(NamedTuple):
    symbol: str
    unit: str = "m"


def rules(*names: Name, kind: StationKind | None = None) -> dict[str, dict[str, str]]:
    return {rule: symbols for rule, _, symbols in usual_rules(names, kind)}


@pytest.mark.parametrize(
    ("variable", "symbol"), [("pm25", "PM2.5"), ("pm25", "PM2,5"), ("ws", "windspeed"), ("htl", "A1.HTL")]
)
def test_a_symbol_is_known_by_its_usual_spellings(variable: str, symbol: str) -> None:
    assert find_symbols(variable, [Name(symbol)]) == [symbol]


def test_a_minimum_temperature_is_no_nitrogen() -> None:
    assert find_symbols("tn", [Name("Tn"), Name("TN")]) == ["TN"]
    assert find_symbols("tmin", [Name("Tn"), Name("TN")]) == ["Tn"]


def test_the_two_levels_of_a_dam_meet_though_their_stations_differ() -> None:
    assert rules(Name("A1.HTL"), Name("A2.HHL")) == {"htl_hhl": {"htl": "A1.HTL", "hhl": "A2.HHL"}}


def test_the_wind_of_one_station_is_not_that_of_another() -> None:
    assert rules(Name("A1.WS"), Name("A2.WD")) == {}


def test_partners_in_different_units_are_none() -> None:
    assert rules(Name("PM2.5", "µg/m3"), Name("PM10", "mg/m3")) == {}
    assert set(rules(Name("PM2.5", "µg/m3"), Name("PM10", "ug/m3"))) == {"pm"}


def test_a_dew_point_is_asked_where_there_is_weather() -> None:
    names = Name("T", "oC"), Name("Td", "oC")
    assert rules(*names, kind=StationKind.WASTEWATER) == {}
    assert set(rules(*names, kind=StationKind.HYDROMET)) == {"dew_point"}
