"""The Excel file of a form; that its numbers are the answer's is proved by tests/web/test_annexes.py."""

from pathlib import Path

import openpyxl

from actors.annex_workbook import write_annex
from actors.rules.annexes import load_annexes
from actors.traffic_report import Filled, Line
from storage.traffic_sums import Asked


def test_heads_are_merged_as_printed_and_what_a_person_wrote_is_no_formula(tmp_path: Path) -> None:
    """TT 09/2015/TT-BGTVT Phụ lục 8: three groups of heads beside columns over two rows."""
    line = Line({"plate": "=1+1", "business": ""}, {"speed": 3, "moving_time": 90_061, "km_share": None})
    filled = Filled(load_annexes()[8], Asked(20_454, 20_484), [line], 1, {"speed": 3})
    write_annex(tmp_path / "x.xlsx", filled, {"department": ""})
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert sheet is not None
    merged = {str(each) for each in sheet.merged_cells.ranges}
    assert {"A8:A9", "B8:B9", "C8:C9", "D8:I8", "J8:L8", "M8:O8", "P8:P9"} <= merged
    assert [sheet["A5"].value, sheet["A6"].value] == [
        "Tên Sở Giao thông vận tải: Chưa đăng ký", "Đơn vị kinh doanh vận tải: Tất cả",
    ]  # fmt: skip
    assert (sheet["B10"].value, sheet["B10"].data_type, sheet["C10"].value) == ("=1+1", "s", "Chưa đăng ký")
    assert (sheet["H10"].value, sheet["L10"].value, sheet["N10"].number_format) == (3, None, "[h]:mm:ss")
