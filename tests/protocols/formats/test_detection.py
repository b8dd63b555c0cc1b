"""Which layout a file is in."""

import pytest

from protocols.formats import FORMATS, parse_file
from tests.protocols.formats.samples import STATION_FILES, station_file

LAYOUTS = {"5417_style_ND_20170915100000.txt": "cv5417_2016"} | {
    name: "tt10_2021" for name in STATION_FILES if name.startswith(("H", "T"))
}


@pytest.mark.parametrize("name", STATION_FILES)
def test_every_sample_is_recognised_whatever_its_name(name: str) -> None:
    layout = LAYOUTS.get(name, "tt13_2023")
    assert parse_file(name, station_file(name)).layout == layout
    assert parse_file("upload.bin", station_file(name)).layout == layout


def test_a_broken_line_first_does_not_hide_the_layout() -> None:
    parsed = parse_file("x.txt", b"ThongSo GiaTri\r\npH\t7\t\t20260412081500\t00\r\n")
    assert parsed.layout == "tt10_2021"
    assert len(parsed.records) == 1
    assert [(fault.line, fault.reason) for fault in parsed.faults] == [(1, "fields")]


def test_of_equal_lines_the_layout_of_the_name_is_taken() -> None:
    lines = b"Luuluongxa 20200903071000 100 m3/s\n20200903071000\tpH\t7\t-\n"
    assert parse_file("08_Ho_20200903071000.txt", lines).layout == "tt13_2023"
    assert parse_file("ND_TRAM_20200903071000.txt", lines).layout == "cv5417_2016"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\r\n \r\n", "empty"),
        (b"\0" * 512, "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ...", "broken"),
        (b"hello, world\n", "layout"),
        (b"\x89PNG\r\n\x1a\n\0\0", "layout"),
    ],
)
def test_what_is_no_station_file_gives_one_fault_and_no_layout(data: bytes, reason: str) -> None:
    parsed = parse_file("HN_ABCD_NUO001_20260101120000.txt", data)
    assert (parsed.layout, parsed.records) == ("", ())
    assert [fault.reason for fault in parsed.faults] == [reason]


@pytest.mark.parametrize("known", [known.name for known in FORMATS])
def test_a_profile_is_obeyed(known: str) -> None:
    assert parse_file("x.txt", b"hello\n\nhello\n", known).layout == known


def test_a_profile_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="tt99"):
        parse_file("x.txt", b"", "tt99")
