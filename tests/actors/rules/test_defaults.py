"""Starting thresholds per element."""

from typing import cast

import pytest

from actors.rules.defaults import Element, find_element, load_elements, parse_elements, plain_unit
from actors.rules.series_thresholds import SeriesThresholds
from protocols.vocabulary import StationKind

ELEMENTS = load_elements()


def found(symbol: str, unit: str, kind: StationKind) -> str | None:
    element = find_element(ELEMENTS, symbol, unit, kind)
    return element.name if element else None


@pytest.mark.parametrize(
    ("symbol", "unit", "kind", "name"),
    [
        ("COD", "mg/l", StationKind.WASTEWATER, "cod"),
        ("Amoni", "mg/L", StationKind.WASTEWATER, "ammonium"),
        ("PM2,5", "µg/m³", StationKind.AIR, "pm25"),
        ("PM2.5", "ug/m3", StationKind.AIR, "pm25"),
        ("pH", "", StationKind.WASTEWATER, "ph_waste"),
        ("PH", "-", StationKind.SURFACE_WATER, "ph_surface"),
        ("Temp", "ºC", StationKind.AIR, "air_temperature"),
        ("Temp", "oC", StationKind.WASTEWATER, "water_temperature"),
        ("Temp", "°C", StationKind.EMISSION, "stack_temperature"),
        ("HTL", "m", StationKind.HYDROMET, "level_reservoir"),
        ("SO2", "mg/Nm3", StationKind.EMISSION, "stack_concentration"),
    ],
)
def test_symbol_unit_and_kind_name_the_element(symbol: str, unit: str, kind: StationKind, name: str) -> None:
    assert found(symbol, unit, kind) == name


@pytest.mark.parametrize(
    ("symbol", "unit", "kind"),
    [
        ("CO", "mg/m3", StationKind.AIR),
        ("HTL", "cm", StationKind.HYDROMET),
        ("h", "m", StationKind.HYDROMET),
        ("TempIn", "oC", StationKind.AIR),
        ("Hg", "ng/m3", StationKind.AIR),
    ],
)
def test_an_unknown_unit_or_symbol_has_no_element(symbol: str, unit: str, kind: StationKind) -> None:
    assert found(symbol, unit, kind) is None


@pytest.mark.parametrize("cadence_s", [60, 300, 3600])
@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.name)
def test_every_elements_tables_are_read_at_every_cadence(element: Element, cadence_s: int) -> None:
    for only_suspect in (False, True):
        tables = element.tables(cadence_s, limit=100.0, only_suspect=only_suspect)
        assert SeriesThresholds.from_tables({}, cadence_s, tables).gap is not None
        off = {test for from_s, others in element.coarser if cadence_s >= from_s for test in others}
        assert set(tables) | off == set(element.tests)


def test_uncalibrated_thresholds_may_mark_no_more_than_suspect() -> None:
    element = cast(Element, find_element(ELEMENTS, "COD", "mg/l", StationKind.WASTEWATER))
    thresholds = SeriesThresholds.from_tables({}, 300, element.tables(300, only_suspect=True))
    assert thresholds.step is not None
    assert thresholds.spike is not None
    assert (thresholds.step.f10, thresholds.step.f60, thresholds.spike.fail) == (None, None, None)


def test_a_flat_line_lasts_at_least_three_and_six_cadences() -> None:
    element = cast(Element, find_element(ELEMENTS, "COD", "mg/l", StationKind.WASTEWATER))
    flat = SeriesThresholds.from_tables({}, 7200, element.tables(7200)).flat_line
    assert flat is not None
    assert (flat.sus_s, flat.fail_s) == (3 * 7200, 6 * 7200)


@pytest.mark.parametrize(
    ("cadence_s", "fail_hi", "sus_hi", "flat"),
    [(300, 60, 35, True), (600, 60, 35, True), (3600, 250, 120, False), (21600, 2000, 600, False)],
)
def test_an_hours_or_a_days_rain_is_not_held_to_ten_minutes(
    cadence_s: int, fail_hi: float, sus_hi: float, *, flat: bool
) -> None:
    element = cast(Element, find_element(ELEMENTS, "R", "mm", StationKind.HYDROMET))
    tables = element.tables(cadence_s)
    assert tables["range"] == {"fail_lo": 0, "fail_hi": fail_hi, "sus_hi": sus_hi}
    assert ("flat_line" in tables) is flat and "spatial" in tables


def test_multiples_of_the_limit_are_off_without_one() -> None:
    element = cast(Element, find_element(ELEMENTS, "CO", "mg/Nm3", StationKind.EMISSION))
    assert set(element.tables(300)) == {"flat_line"}
    assert element.tables(300, limit=500.0)["range"] == {"fail_lo": 0.0, "sus_hi": 1500.0}


def test_a_unit_is_compared_without_case_and_accents() -> None:
    assert plain_unit("µg/m³") == plain_unit("UG/M3") == plain_unit("μg / m3")


def test_a_bad_row_is_refused_by_the_elements_name() -> None:
    with pytest.raises(ValueError, match=r"defaults: x: qc\.range: unknown key"):
        parse_elements('[[element]]\nname = "x"\nsymbols = []\nunits = []\ntests.range = { lo = 1 }\n')
