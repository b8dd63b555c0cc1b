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
def test_every_example_is_read_and_built_again_and_only_its_impossible_places_are_told(name: str) -> None:
    parsed = tt13_2023.parse(station_file(name))
    assert {fault.reason for fault in parsed.faults} <= {"coordinates"}
    assert tt13_2023.build(parsed.records) == station_file(name)


def test_the_sub_station_and_its_coordinates_survive_as_given() -> None:
    """1052376 is 105 degrees, 23 minutes, 76 seconds: so the rule's own example."""
    reading = tt13_2023.parse(station_file(DAM)).records[2]
    assert reading == ParsedReading(
        TIME_S, "HTL", 122.5, "122.5", "cm", "", 3, ("coordinates",), "Tram03", "1052376", "223026"
    )


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


@pytest.mark.parametrize(
    "heading", ["Tram Kinhdo Vido Thoigian Yeuto Giatri Donvi", "Trạm,Kinh độ,Vĩ độ,Thời gian,Yếu tố,Giá trị,Đơn vị"]
)
def test_headings_are_no_reading_and_no_fault(heading: str) -> None:
    parsed = tt13_2023.parse(f"Bảng 5\r\n{heading}\r\nTram01 1052346 222026 20200903071000 R 30 mm\r\n".encode())
    assert (parsed.faults, len(parsed.records)) == ((), 1)


def test_headings_say_the_order_of_the_columns() -> None:
    text = "STT\tYeuto\tDonvi\tGiatri\tThoigian\tTram\r\n1\tR\tmm\t30\t20200903071000\tTram01\r\n"
    assert tt13_2023.parse(text.encode()).records == (
        ParsedReading(TIME_S, "R", 30.0, "30", "mm", "", 2, (), "Tram01"),
    )


def test_a_number_before_each_line_is_no_column() -> None:
    reading = tt13_2023.parse(b"1 Tram01 1052346 222026 20200903071000 R 30 mm").records[0]
    assert (reading.sub_station, reading.parameter, reading.unit) == ("Tram01", "R", "mm")


@pytest.mark.parametrize(
    ("place", "reasons"),
    [("1058833 208463", ["coordinates"]), ("1079905 160221", ["coordinates"]), ("1058000 212100", ["coordinates"]),
     ("1048505 091300", ["coordinates"]), ("1045505 91300", []), ("1045505 091300", [])],
)  # fmt: skip
def test_the_impossible_places_of_the_rule_keep_their_readings(place: str, reasons: list[str]) -> None:
    parsed = tt13_2023.parse(f"Tram01 {place} 20200908070000 ff 5 m/s".encode())
    assert ([fault.reason for fault in parsed.faults], len(parsed.records)) == (reasons, 1)


def test_a_file_that_breaks_off_says_where() -> None:
    parsed = tt13_2023.parse(b"Tram01 1052346 222026 20200903071000 R 30 mm\r\nTram02 1052346 22")
    assert [(fault.reason, fault.line) for fault in parsed.faults] == [("truncated", 2)]


def test_more_parameters_than_a_file_may_name_are_told_and_nothing_else_is_lost() -> None:
    text = "".join(f"Tram{number} 1052346 222026 20200903071000 R 30 mm\r\n" for number in range(503))
    parsed = tt13_2023.parse(text.encode())
    assert len(parsed.records) == 500
    assert [(fault.reason, fault.line) for fault in parsed.faults] == [("too_many_parameters", 0)]
