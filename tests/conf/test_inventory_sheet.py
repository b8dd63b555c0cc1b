"""Vehicles from a sheet: whole or not at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conf.faults import ConfigFault, ConfigurationFaults
from conf.inventory_sheet import is_sheet, read_vehicle_sheet
from protocols.formats.workbook import build_workbook
from storage.entries import VehicleEntry


def read(folder: Path, data: bytes, name: str = "xe.csv") -> tuple[tuple[VehicleEntry, ...], list[ConfigFault]]:
    (folder / name).write_bytes(data)
    inventory, faults, _ = read_vehicle_sheet(folder / name)
    return inventory.vehicles, faults


def test_an_excel_file_with_vietnamese_headings_is_read(tmp_path: Path) -> None:
    rows = [["Biển số", "Công ty", "Số ghế", "Bến xe"], ["29B-123.45", "Sông Hồng", "45", "Giáp Bát"], ["51B1"]]
    vehicles, faults = read(tmp_path, build_workbook(rows), "xe.xlsx")
    assert faults == []
    assert vehicles[0] == VehicleEntry("29B12345", company="Sông Hồng", seats=45, terminal="Giáp Bát")
    assert vehicles[1] == VehicleEntry("51B1")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_is_read_whatever_parts_its_cells(tmp_path: Path, mark: str) -> None:
    text = f"plate{mark}payload_kg\n29C1{mark}5000\n\n"
    assert read(tmp_path, text.encode("utf-8-sig"))[0] == (VehicleEntry("29C1", payload_kg=5000),)


def test_every_fault_names_its_row(tmp_path: Path) -> None:
    text = "Biển số,Số ghế,Công ty\n29B1,nhiều,A\n29B-1,4,B\n,5,C\n29B2,3,=1+1\n29B3,1,D,thừa\n---,1,E\n"
    _, faults = read(tmp_path, text.encode())
    assert [(fault.where, fault.problem) for fault in faults] == [
        ("row 2.seats", "is not a whole number in range"), ("row 3", "stands already in row 2"),
        ("row 4.plate", "is missing"), ("row 5.company", "is a formula"), ("row 6", "column 4 has no heading"),
        ("row 7.plate", "has no letter or digit"),
    ]  # fmt: skip


def test_a_column_with_a_false_heading_is_told_once_and_not_by_each_row(tmp_path: Path) -> None:
    _, faults = read(tmp_path, "Biển số;Màu;Biển số\n29B1;đỏ;1\n29B2;xanh;2\n".encode())
    assert [(fault.where, fault.problem) for fault in faults] == [
        ("column 2", "is an unknown heading"), ("column 3", "stands twice"),
    ]  # fmt: skip


def test_an_unknown_heading_is_told_with_its_mend(tmp_path: Path) -> None:
    _, faults = read(tmp_path, b"plat,company\n29B1,A\n")
    assert [fault.where for fault in faults] == ["column 1", "row 1"] and "'plate'" in faults[0].mend
    assert faults[1].problem == "has no column for the plate"


@pytest.mark.parametrize(("name", "data"), [("a.csv", b""), ("a.csv", b"\xff\xfe"), ("a.xlsx", b"PK\x03\x04broken")])
def test_what_is_no_sheet_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(ConfigurationFaults):
        read(tmp_path, data, name)


def test_sheets_are_known_by_their_names() -> None:
    assert is_sheet(Path("a.XLSX")) and not is_sheet(Path("a.toml"))


@given(st.text(max_size=60))
def test_any_text_gives_vehicles_or_faults(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        read(folder, b"plate,seats\n" + text.encode(errors="ignore"))
    except ConfigurationFaults as refused:
        assert refused.faults
