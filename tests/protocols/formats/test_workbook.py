"""Excel files as lines; what would fill the memory is refused before a library sees it."""

import io
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.formats import parse_file, tt13_2023
from protocols.formats.workbook import NoWorkbook, build_workbook, is_workbook, workbook_text
from protocols.times import parse_iso
from tests.protocols.formats.workbooks import Cell, new_workbook, old_workbook, sheet_of, zipped

ROWS: list[list[str | int | float]] = [
    ["Tram", "Kinhdo", "Vido", "Thoigian", "Yeuto", "Giatri", "Donvi"],
    ["Tram01", 1052445, 91309, 20200903070000, "R", 40, "mm"],
    ["Tram03", 1052326, 222136, 20200903070000, "HTL", 122.5, "cm"],
]
TEXT = (
    "Tram\tKinhdo\tVido\tThoigian\tYeuto\tGiatri\tDonvi\r\n"
    "Tram01\t1052445\t91309\t20200903070000\tR\t40\tmm\r\n"
    "Tram03\t1052326\t222136\t20200903070000\tHTL\t122.5\tcm"
)
WALL_TIME = datetime(2020, 9, 3, 7)  # noqa: DTZ001 - a sheet knows no zone
BOMB_S, BOMB_BYTES = 5.0, 150 << 20


@pytest.mark.parametrize("write", [old_workbook, new_workbook])
def test_cells_come_out_as_they_were_typed(write: Callable[[list[list[Cell]]], bytes]) -> None:
    data = write(ROWS)
    assert is_workbook(data)
    assert workbook_text(data).decode() == TEXT


def test_a_workbook_is_a_file_like_any_other_and_its_name_may_lie() -> None:
    for name in ("08_thuydienChiemHoa_obsdata_20200910071000.xls", "08_thuydienChiemHoa_20200910071000.txt"):
        parsed = parse_file(name, old_workbook(ROWS))
        assert (parsed.layout, parsed.faults) == ("tt13_2023", ())
        assert [(r.parameter, r.value, r.line) for r in parsed.records] == [("R", 40.0, 2), ("HTL", 122.5, 3)]


def test_a_file_of_tt10_typed_into_a_workbook_is_read_too() -> None:
    parsed = parse_file("HN_A_NUO001_20260101120000.xls", old_workbook([["COD", 12.5, "mg/L", 20260101120000, "00"]]))
    assert (parsed.layout, parsed.records[0].value, parsed.faults) == ("tt10_2021", 12.5, ())


def test_a_date_cell_is_a_time() -> None:
    data = openpyxl.Workbook()
    sheet = data.active
    assert sheet is not None
    sheet.append(["Tram01", 1052445, 91309, WALL_TIME, "R", 40, "mm"])
    written = io.BytesIO()
    data.save(written)
    assert parse_file("x", written.getvalue()).records[0].time_s == parse_iso("2020-09-03T07:00:00+07:00")


def test_what_is_built_is_read_again() -> None:
    records = tt13_2023.parse(TEXT.encode()).records
    again = tt13_2023.parse(workbook_text(build_workbook(tt13_2023.build_rows(records))))
    assert [r._replace(line=0) for r in again.records] == [r._replace(line=0) for r in records]


@pytest.mark.parametrize("at", [(30_000, 0), (0, 200)])
def test_an_old_workbook_with_a_far_cell_is_refused(at: tuple[int, int]) -> None:
    with pytest.raises(NoWorkbook, match="a cell in row"):
        workbook_text(old_workbook([["x"]], at=at))


@pytest.mark.parametrize("place", ["XFD1", "A1048576"])
def test_a_new_workbook_with_a_far_cell_is_refused(place: str) -> None:
    with pytest.raises(NoWorkbook, match="a cell in row"):
        workbook_text(new_workbook(ROWS, {place: 1}))


BOMBS = {
    "ratio": lambda: zipped(sheet_of(" " * (7 << 20))),
    "parts": lambda: zipped(sheet_of(""), **{f"a{number}.xml": b"" for number in range(300)}),
    "cells in one row": lambda: zipped(sheet_of("<row>" + '<c t="n"/>' * 700_000 + "</row>")),
    "cells": lambda: zipped(sheet_of("".join(f"<row>{'<c><v>1</v></c>' * 9}</row>" for _ in range(20_000)))),
    "entities": lambda: zipped(
        '<!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + sheet_of("<row><c><v>&b;</v></c></row>")
    ),
    "entities in utf-16": lambda: zipped(
        sheet_of(""), **{"xl/styles.xml": '<!DOCTYPE z [<!ENTITY a "h">]>'.encode("utf-16")}
    ),
    "big part": lambda: zipped(sheet_of(""), **{"xl/styles.xml": bytes(range(1, 256)) * 5000}),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_little_time_and_memory(bomb: str) -> None:
    data = BOMBS[bomb]()
    tracemalloc.start()
    began = time.monotonic()
    try:
        parsed = parse_file("08_a_20200903071000.xlsx", data)
        assert tracemalloc.get_traced_memory()[1] < BOMB_BYTES
    finally:
        tracemalloc.stop()
    assert time.monotonic() - began < BOMB_S
    (fault,) = parsed.faults
    assert (parsed.records, fault.field) == ((), "workbook")


def test_claims_of_a_huge_sheet_cost_nothing() -> None:
    sheet = sheet_of('<row r="1"><c r="A1"><v>7</v></c></row>').replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    assert workbook_text(zipped(sheet)) == b"7"


@settings(deadline=None)
@given(st.data())
def test_any_damage_gives_lines_or_a_reason(data: st.DataObject) -> None:
    whole = SAMPLES[data.draw(st.integers(0, 1))]
    at = data.draw(st.integers(4, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 8)) :]
    try:
        assert isinstance(workbook_text(broken), bytes)
    except NoWorkbook as wrong:
        assert wrong.detail


SAMPLES = (old_workbook(ROWS), new_workbook(ROWS))
