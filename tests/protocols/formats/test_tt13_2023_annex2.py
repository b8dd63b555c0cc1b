"""The sheet of Phụ lục II: one element of one station, as text and as a workbook."""

import pytest

from protocols.formats import parse_file, tt13_2023, tt13_2023_annex2
from protocols.formats.workbook import build_workbook
from protocols.times import parse_iso
from tests.protocols.formats.workbooks import old_workbook

NAME = "64_hochuaAYun_tram01_R_20200330102000.xls"
RULE: list[list[str | int]] = [
    ["Tên trạm", "Tram01"],
    ["Tọa độ trạm", "Kinh độ", "Vĩ độ"],
    ["Yếu tố quan trắc", "R"],
    ["Đơn vị", "mm"],
    ["Thời gian", "Giá trị"],
    [20200330100000, 10],
    [20200330900000, 30],
    [20200330800000, 20],
]
TEN = parse_iso("2020-03-30T10:00:00+07:00")


def test_the_example_of_the_rule_gives_its_one_possible_reading_and_tells_the_two_others() -> None:
    parsed = parse_file(NAME, old_workbook(RULE))
    (reading,) = parsed.records
    assert reading[:5] == (TEN, "R", 10.0, "10", "mm")
    assert (reading.sub_station, reading.longitude_dms, parsed.layout) == ("Tram01", "", "tt13_2023")
    assert [(fault.line, fault.reason) for fault in parsed.faults] == [(7, "time"), (8, "time")]


@pytest.mark.parametrize(
    "place",
    [
        [["Tọa độ trạm", "Kinh độ", 1080030, "Vĩ độ", 135930]],
        [["Tọa độ trạm", "Kinh độ", "Vĩ độ"], ["", 1080030, 135930]],
        [["Tọa độ"], ["Kinh độ", 1080030], ["Vĩ độ", 135930]],
    ],
)
def test_coordinates_stand_beside_their_headings_or_under_them(place: list[list[str | int]]) -> None:
    (reading,) = parse_file(NAME, old_workbook([RULE[0], *place, *RULE[2:6]])).records
    assert (reading.longitude_dms, reading.latitude_dms) == ("1080030", "135930")


@pytest.mark.parametrize("gap", ["\t", ", ", ": ", " "])
def test_a_sheet_may_come_as_text(gap: str) -> None:
    lines = [gap.join(map(str, row)) for row in (RULE[0], *RULE[2:5])] + ["20200330100000 10"]
    parsed = parse_file(NAME.replace(".xls", ".txt"), "\r\n".join(lines).encode())
    assert (parsed.faults, [(r.parameter, r.value, r.unit) for r in parsed.records]) == ((), [("R", 10.0, "mm")])


def test_one_row_of_headings_is_the_table_of_the_works() -> None:
    heads: list[str | int] = ["Tên trạm", "Kinh độ", "Vĩ độ", "Yếu tố quan trắc", "Đơn vị", "Thời gian", "Giá trị"]
    row: list[str | int] = ["Tram01", 1080030, 135930, "R", "mm", 20200330100000, 10]
    (reading,) = parse_file(NAME, old_workbook([heads, row])).records
    assert (reading.sub_station, reading.value, reading.unit, reading.time_s) == ("Tram01", 10.0, "mm", TEN)


def test_what_is_built_is_read_again() -> None:
    text = b"".join(b"Tram01 1080030 135930 202003301%d0000 R %d.5 mm\r\n" % (at, at) for at in range(5))
    records = tt13_2023.parse(text).records
    for data in (tt13_2023_annex2.build(records), build_workbook(tt13_2023_annex2.build_rows(records))):
        again = parse_file(NAME, data)
        assert again.faults == ()
        assert [r._replace(line=0) for r in again.records] == [r._replace(line=0) for r in records]


def test_two_elements_are_no_sheet() -> None:
    records = tt13_2023.parse(b"Tram01 1 1 20200330100000 R 1 mm\r\nTram01 1 1 20200330100000 T 1 oC\r\n").records
    with pytest.raises(ValueError, match="one element"):
        tt13_2023_annex2.build(records)


def test_a_line_that_is_no_pair_is_told() -> None:
    parsed = parse_file(NAME, old_workbook([*RULE[:6], ["nothing"]]))
    assert [(fault.line, fault.reason) for fault in parsed.faults] == [(7, "fields")]
