"""Encodings, line ends and bounds of station files."""

import pytest

from protocols.formats.lines import MAX_BYTES, MAX_LINE_BYTES, MAX_LINES, escape, read_lines

TEXT = "Nhiệtđộ\t27\r\nÁpsuất\t9\r\n"
LINES = ["Nhiệtđộ\t27", "Ápsuất\t9"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_unicode_is_read_with_one_fault_for_the_file(codec: str) -> None:
    lines, faults = read_lines(TEXT.encode(codec))
    assert [line.text for line in lines] == LINES
    assert [(fault.line, fault.field, fault.reason) for fault in faults] == [(0, "encoding", "encoding")]


@pytest.mark.parametrize(("codec", "mark"), [("utf-8", 0), ("utf-8-sig", 3), ("utf-16", 2), ("utf-16-be", 0)])
def test_an_offset_is_that_of_the_bytes_as_received(codec: str, mark: int) -> None:
    lines, _ = read_lines(TEXT.encode(codec))
    plain = codec.removesuffix("-sig") if codec != "utf-16" else "utf-16-le"
    assert [line.offset for line in lines] == [mark, mark + len("Nhiệtđộ\t27\r\n".encode(plain))]


def test_a_line_in_windows_1258_is_read_with_a_fault_at_its_place() -> None:
    lines, faults = read_lines(b"pH\t7\n" + "Đơn vị °C\n".replace("ị", "i\u0323").encode("cp1258"))
    assert lines[1].text == "Đơn vi\u0323 °C"
    assert (faults[0].line, faults[0].offset, faults[0].reason) == (2, 5, "encoding")
    assert "Windows-1258" in faults[0].detail


def test_a_line_in_windows_1252_is_read_where_1258_has_no_such_letter() -> None:
    lines, faults = read_lines(b"\x8aT\t7\xb0C\n")
    assert lines[0].text == "ŠT\t7°C"
    assert "Windows-1252" in faults[0].detail


def test_bytes_of_no_code_page_become_escapes() -> None:
    lines, faults = read_lines(b"p\x81H\xff\xd0\n")
    assert lines[0].text == "p\\x81H\\xff\\xd0"
    assert faults[0].raw == "p\\x81H\\xff\\xd0"


def test_one_broken_line_does_not_change_how_the_others_are_read() -> None:
    lines, faults = read_lines("Ápsuất\n".encode() + b"\xb5g\n")
    assert [line.text for line in lines] == ["Ápsuất", "µg"]
    assert len(faults) == 1


def test_blank_lines_are_left_out_and_counted() -> None:
    lines, faults = read_lines(b"\r\n \t\r\npH\r\n\r\n")
    assert [(line.number, line.offset, line.text) for line in lines] == [(3, 6, "pH")]
    assert faults == []


def test_a_line_that_is_too_long_is_refused_alone() -> None:
    lines, faults = read_lines(b"a" * (MAX_LINE_BYTES + 1) + b"\nb\n")
    assert [line.text for line in lines] == ["b"]
    assert [(fault.line, fault.reason) for fault in faults] == [(1, "too_long")]


def test_a_file_of_too_many_lines_is_read_to_the_bound() -> None:
    lines, faults = read_lines(b"a\n" * (MAX_LINES + 1))
    assert len(lines) == MAX_LINES
    assert [(fault.line, fault.reason) for fault in faults] == [(0, "too_long")]


def test_a_file_of_too_many_bytes_is_read_to_the_bound() -> None:
    lines, faults = read_lines((b"a" * 1023 + b"\n") * (MAX_BYTES // 1024 + 1))
    assert len(lines) == MAX_BYTES // 1024
    assert [fault.reason for fault in faults] == ["too_long"]


def test_an_escape_is_printable_and_bounded() -> None:
    shown = escape("a\0\ud800\u2028" * 100)
    assert shown.isprintable()
    assert shown.startswith("a\\x00\\ud800\\u2028")
    assert len(shown) == 200
