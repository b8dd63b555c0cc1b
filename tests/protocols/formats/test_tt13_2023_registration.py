"""The registration file of a work."""

import pytest

from protocols.formats import tt13_2023_registration as registration
from protocols.formats.workbook import build_workbook
from tests.protocols.formats.workbooks import old_workbook

NAME = "DK_08_thuydienChiemHoa.xls"
RULE: list[list[str | int]] = [
    ["Donvi", "Công ty A"],
    ["Diachichitiet", "Thị trấn Đầm Hồng, xã Ngọc Hồi, huyện Chiêm Hóa, tỉnh Tuyên Quang"],
    ["Nguoidaidien", "Nguyễn Văn A"],
    ["Chucvu", "Giám đốc"],
    ["Diachiweb", "http://ict.com.vn/"],
    ["Dienthoai", 123456789],
    ["Thudientu", "ctya@gmail.com"],
    ["Loaicongtrinh", "Nhà máy thủy điện"],
    ["Tinh", "Tuyên Quang"],
    ["Huyen", "Chiêm Hóa"],
    ["Dinhdangfiledulieu", "txt"],
]


def test_the_example_of_the_rule_is_read_from_a_workbook() -> None:
    told = registration.parse(NAME, old_workbook(RULE))
    assert (told.code, told.province, told.faults) == ("08_thuydienChiemHoa", "08", ())
    assert told.fields == {str(key): str(value) for key, value in RULE}


@pytest.mark.parametrize("gap", ["\t", ": ", "  ", " "])
def test_it_may_come_as_text(gap: str) -> None:
    text = "\r\n".join(f"{key}{gap}{value}" for key, value in RULE)
    told = registration.parse(NAME.replace(".xls", ".txt"), text.encode())
    assert (told.fields["Donvi"], told.fields["Tinh"], told.faults) == ("Công ty A", "Tuyên Quang", ())


def test_a_number_before_the_rows_and_accents_in_the_names_do_not_matter() -> None:
    rows: list[list[str | int]] = [[1, "Đơn vị", "Công ty A"], [8, "Loại công trình", "Cầu"], [9, "Tỉnh", "x"]]
    told = registration.parse(NAME, old_workbook(rows))
    assert told.fields == {"Donvi": "Công ty A", "Loaicongtrinh": "Cầu", "Tinh": "x"}


def test_what_is_missing_is_told() -> None:
    told = registration.parse(NAME, old_workbook(RULE[1:]))
    assert [(fault.reason, fault.hint) for fault in told.faults] == [("registration", "Donvi")]


def test_a_name_over_sixteen_characters_is_told() -> None:
    told = registration.parse("DK_08_thuydienChiemHoaLon.xls", old_workbook(RULE))
    assert [(fault.field, fault.reason) for fault in told.faults] == [("name", "registration")]


def test_a_broken_workbook_is_a_fault() -> None:
    assert [fault.reason for fault in registration.parse(NAME, b"\xd0\xcf\x11\xe0" + bytes(900)).faults] == ["broken"]


def test_what_is_built_is_read_again() -> None:
    fields = registration.parse(NAME, old_workbook(RULE)).fields
    for data in (registration.build(fields), build_workbook(registration.build_rows(fields))):
        assert registration.parse(NAME, data).fields == fields


def test_a_registration_is_known_by_its_name() -> None:
    names = ("DK_08_a.xls", "DK_08_a.XLSX", "08_a_20200910071000.xls", "DK_x.xls")
    assert [registration.is_registration(name) for name in names] == [True, True, False, False]
