"""What a file's spellings mean at a station: converted where its inventory allows, caught where it does not."""

import pytest

from actors.dictionary import Dictionary
from actors.station_profile import settle
from protocols.records import ParsedReading
from protocols.vocabulary import Flag
from storage.models import ParameterRow, StationRow
from tests.actors.station_kit import NOON_S

AIR = StationRow(id=1, code="HN_AAAA_KHIKXQ", kind="air", cadence_s=300, grace_s=120, destinations=[])
CO = {"units": ["mg/m3", ""]}


def parameter(symbol: str, unit: str, qc: dict[str, object] | None = None, *aliases: str) -> ParameterRow:
    return ParameterRow(id=1, station_id=1, symbol=symbol, unit=unit, aliases=list(aliases), qc=qc or {})


def station(*parameters: ParameterRow) -> Dictionary:
    return Dictionary(settle(AIR, parameters, ()))


def read(symbol: str, value: float | None, unit: str, point: str = "") -> ParsedReading:
    return ParsedReading(NOON_S, symbol, value, str(value), unit, "00", 1, (), point)


def test_an_allowed_other_unit_is_converted_and_the_sent_one_kept() -> None:
    settled = station(parameter("CO", "µg/m3", {"syntax": CO})).settle(read("CO", 1.2, "mg/m³"))
    assert settled.reading.value == pytest.approx(1200)
    assert (settled.reading.raw, settled.raw_unit, settled.reading.unit) == ("1.2", "mg/m³", "µg/m3")
    assert (settled.flag, settled.reasons) == (Flag.GOOD, ("converted",))


def test_a_unit_that_the_inventory_does_not_allow_is_caught_and_the_value_left_as_it_came() -> None:
    settled = station(parameter("CO", "µg/m3")).settle(read("CO", 1.2, "mg/m3"))
    assert (settled.reading.value, settled.flag, settled.reasons) == (1.2, Flag.FAIL, ("unit",))


def test_a_unit_left_out_is_the_registered_one_where_the_inventory_says_so() -> None:
    assert station(parameter("CO", "µg/m3", {"syntax": CO})).settle(read("CO", 900, "")).flag is Flag.GOOD
    assert station(parameter("CO", "µg/m3")).settle(read("CO", 900, "")).reasons == ("unit",)


def test_a_number_that_looks_like_another_unit_is_suspect() -> None:
    dictionary = station(parameter("CO", "µg/m3"))
    assert dictionary.settle(read("CO", 0.8, "ug/m3"))[2:4] == (Flag.SUSPECT, ("magnitude",))
    assert dictionary.settle(read("CO", 800, "ug/m3")).flag is Flag.GOOD


def test_a_unit_test_turned_off_judges_no_unit() -> None:
    assert station(parameter("COD", "mg/L", {"syntax": False})).settle(read("COD", 5, "xyz")).flag is Flag.GOOD


def test_units_by_symbol_are_those_of_the_golden_vectors() -> None:
    dictionary = station(parameter("TEMP", "", {"syntax": {"units": {"TEMP": ["oC", "C"], "COD": ["mg/L"]}}}))
    assert dictionary.settle(read("TEMP", 21, "oC")).flag is Flag.GOOD
    assert dictionary.settle(read("TEMP", 21, "mg/L")).reasons == ("unit",)


@pytest.mark.parametrize("spelling", ["Nhiệtđộ", "Nhiệtđộ", "NHIETDO", "temp"])
def test_a_spelling_finds_its_parameter(spelling: str) -> None:
    settled = station(parameter("Temp", "oC")).settle(read(spelling, 21, "°C"))
    assert (settled.series.symbol, settled.flag) == ("Temp", Flag.GOOD)


def test_water_level_and_wave_height_stay_apart_and_visibility_does_not() -> None:
    dictionary = station(parameter("H", "m"), parameter("h", "m"), parameter("VV", "km"))
    for spelling, symbol in (("H", "H"), ("h", "h"), ("vv", "VV")):
        assert dictionary.settle(read(spelling, 1, "km" if symbol == "VV" else "m")).series.symbol == symbol


def test_an_element_registered_once_holds_for_every_point_of_a_work() -> None:
    dictionary = station(parameter("R", "mm"), parameter("Tram02.R", "cm"))
    assert dictionary.settle(read("R", 4, "mm", "Tram01")).series.symbol == "Tram01.R"
    assert dictionary.settle(read("R", 4, "cm", "Tram02"))[2:4] == (Flag.GOOD, ())
    assert dictionary.settle(read("vv", 4, "km", "Tram01")).series.symbol == "Tram01.VV"


def test_a_station_with_no_parameters_has_nothing_to_hold_a_reading_against() -> None:
    assert station().settle(read("Xyz", 4, "furlong")).flag is Flag.GOOD


def test_inventing_spellings_does_not_fill_the_memory() -> None:
    dictionary = station(parameter("COD", "mg/L"))
    for number in range(9000):
        dictionary.ruling(read(f"X{number}", 1, "mg/L"))
    assert len(dictionary._rulings) <= 4000
