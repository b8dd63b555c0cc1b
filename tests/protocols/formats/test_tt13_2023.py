"""The text layout of TT 13/2023/TT-BTNMT, with the slips of its own examples."""

import pytest

from protocols.formats import tt13_2023
from protocols.records import ParsedReading
from protocols.times import parse_iso
from tests.protocols.formats.samples import STATION_FILES, station_file

FILES = [name for name in STATION_FILES if name[:2].isdigit() and not name.startswith("5417")]
DAM = "08_thuydienChiemHoa_obsdata_20200903071000.txt"
FORECAST = "08_thuydienChiemHoa_predata_20200903071000.txt"
TIME_S = parse_iso("2020-09-03T07:10:00+07:00")


@pytest.mark.parametrize("name", FILES)
def test_every_example_is_read_without_fault_and_built_again(name: str) -> None:
    parsed = tt13_2023.parse(station_file(name))
    assert parsed.faults == ()
    assert tt13_2023.build(parsed.records) == station_file(name)


def test_the_sub_station_and_its_coordinates_survive_as_given() -> None:
    """1052376 is 105 degrees, 23 minutes, 76 seconds: so the rule's own example."""
    reading = tt13_2023.parse(station_file(DAM)).records[2]
    assert reading == ParsedReading(TIME_S, "HTL", 122.5, "122.5", "cm", "", 3, (), "Tram03", "1052376", "223026")


def test_a_forecast_line_has_four_columns() -> None:
    reading = tt13_2023.parse(station_file(FORECAST)).records[0]
    assert reading == ParsedReading(TIME_S, "Luuluongdenho", 120.0, "120", "m3/s", "", 1)


def test_water_level_and_wave_height_keep_their_case() -> None:
    parsed = tt13_2023.parse(station_file("52_Cangquynhon_20200903131500.txt"))
    assert [(reading.parameter, reading.unit) for reading in parsed.records[2:4]] == [("H", "cm"), ("h", "m")]


@pytest.mark.parametrize(
    "line",
    [
        "Tram01,1052346,222026,20200903071000,R,30,mm",
        "Tram01, 1052346, 222026, 20200903071000, R, 30, mm",
        "Tram01\t1052346\t222026\t20200903071000\tR\t30\tmm",
    ],
)
def test_groups_are_parted_by_a_comma_as_well(line: str) -> None:
    parsed = tt13_2023.parse(line.encode())
    assert parsed.faults == ()
    assert parsed.records[0] == ParsedReading(TIME_S, "R", 30.0, "30", "mm", "", 1, (), "Tram01", "1052346", "222026")


def test_a_decimal_comma_between_spaces_is_told() -> None:
    parsed = tt13_2023.parse(b"Tram01 1052346 222026 20200903071000 R 30,5 mm")
    assert parsed.records[0].value == 30.5
    assert [fault.reason for fault in parsed.faults] == ["decimal_comma"]


def test_a_decimal_comma_between_commas_is_never_guessed() -> None:
    parsed = tt13_2023.parse(b"Tram01,1052346,222026,20200903071000,R,30,5,mm")
    assert parsed.records == ()
    assert [fault.reason for fault in parsed.faults] == ["fields"]


def test_a_space_inside_the_unit_is_closed() -> None:
    assert tt13_2023.parse(b"Luuluongxa 20200903071000 100 m3 /s").records[0].unit == "m3/s"


def test_hour_ninety_is_a_fault() -> None:
    parsed = tt13_2023.parse(b"Tram01 1052346 222026 20200330900000 R 30 mm")
    assert parsed.records == ()
    assert [fault.reason for fault in parsed.faults] == ["time"]


def test_coordinates_that_are_no_digits_are_told_and_the_reading_kept() -> None:
    parsed = tt13_2023.parse(b"Tram01 E105 222026 20200903071000 R 30 mm")
    assert parsed.records[0].longitude_dms == "E105"
    assert [fault.reason for fault in parsed.faults] == ["coordinates"]


@pytest.mark.parametrize("unit", ["", "m m"])
def test_a_column_that_could_not_be_read_again_is_not_built(unit: str) -> None:
    with pytest.raises(ValueError, match="column"):
        tt13_2023.build([ParsedReading(TIME_S, "R", 3.0, "3", unit, "", 1)])
