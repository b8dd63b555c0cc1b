"""Units of measurement and their spellings."""

import pytest

from protocols.units import UNITS, canonical_unit, convert


@pytest.mark.parametrize(
    ("spellings", "unit"),
    [
        (("mg/l", "mg/L", "MG/l", " mg/L "), "mg/L"),
        (("ug/m3", "µg/m3", "μg/m³", "ug/m³", "UG/M3"), "µg/m3"),
        (("mg/Nm3", "mg/nm³"), "mg/Nm3"),
        (("oC", "°C", "ºC", "C", "độC".replace("độ", "°")), "°C"),
        (("m3/h", "m³/h"), "m3/h"),
        (("m3/s", "m3 /s"), "m3/s"),
        (("uS/cm", "µS/cm"), "µS/cm"),
        (("w/m2", "W/m²"), "W/m2"),
        (("độ", "do", "Degree", "°"), "°"),
        (("Pt-Co", "PtCo"), "Pt-Co"),
        (("", "-", "pH", " "), ""),
    ],
)
def test_the_spellings_of_a_unit_are_one(spellings: tuple[str, ...], unit: str) -> None:
    assert {canonical_unit(spelling) for spelling in spellings} == {unit}


@pytest.mark.parametrize("unit", [unit.name for unit in UNITS])
def test_a_canonical_unit_is_its_own_canonical_unit(unit: str) -> None:
    assert canonical_unit(unit) == unit


def test_an_unknown_unit_stays_as_it_is() -> None:
    assert canonical_unit(" Bq/kg ") == "Bq/kg"


@pytest.mark.parametrize(
    ("value", "unit", "target", "converted"),
    [
        (3087.03, "ug/m3", "mg/m3", 3.08703),
        (0.5, "mg/m3", "µg/m3", 500.0),
        (122.5, "cm", "m", 1.225),
        (2.0, "m3/s", "m3/h", 7200.0),
        (36.0, "km/h", "m/s", 10.0),
        (1.0, "mg/l", "mg/L", 1.0),
        (101.3, "kPa", "hPa", 1013.0),
    ],
)
def test_units_of_one_kind_are_converted(value: float, unit: str, target: str, converted: float) -> None:
    assert convert(value, unit, target) == pytest.approx(converted, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "target"),
    [("mg/m3", "mg/Nm3"), ("mg/L", "mg/m3"), ("ppb", "ug/m3"), ("FNU", "NTU"), ("Bq", "m"), ("", "m")],
)
def test_units_of_different_kinds_are_not_converted(unit: str, target: str) -> None:
    assert convert(1.0, unit, target) is None


def test_an_unknown_unit_converts_to_itself_only() -> None:
    assert convert(1.5, "Bq/kg", " Bq/kg") == 1.5
