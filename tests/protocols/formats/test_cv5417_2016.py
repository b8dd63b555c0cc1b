"""The layout of CV 5417/BTNMT-TCMT 2016: time first, no status."""

import pytest

from protocols.formats import cv5417_2016
from tests.protocols.formats.samples import station_file

FILE = "5417_style_ND_20170915100000.txt"


def test_the_heading_is_no_reading_and_no_fault() -> None:
    parsed = cv5417_2016.parse(station_file(FILE))
    assert parsed.faults == ()
    assert [(reading.parameter, reading.raw, reading.unit, reading.status) for reading in parsed.records] == [
        ("pH", "7.12", "-", ""),
        ("TSS", "23.40", "mg/L", ""),
        ("COD", "41.05", "mg/L", ""),
    ]


def test_a_file_without_heading_is_read() -> None:
    assert len(cv5417_2016.parse(b"20170915100000\tpH\t7.12\t-\r\n").records) == 1


def test_an_empty_unit_at_the_end_may_lack_its_tab() -> None:
    parsed = cv5417_2016.parse(b"20170915100000\tpH\t7.12\r\n")
    assert parsed.records[0].unit == ""
    assert parsed.faults == ()


def test_a_heading_further_down_is_a_fault() -> None:
    parsed = cv5417_2016.parse(b"20170915100000\tpH\t7.12\t-\r\nND_TRAM\t\r\n")
    assert [(fault.line, fault.reason) for fault in parsed.faults] == [(2, "fields")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"20170931100000\tpH\t7.12\t-", "time"),
        (b"20170915100000\tpH\t7,12\t-", "decimal_comma"),
        (b"20170915100000\tpH\tx\t-", "value"),
        (b"20170915100000 pH 7.12 -", "separator"),
        (b"20170915100000\tpH\t7.12\t-\tx", "fields"),
    ],
)
def test_a_deviation_has_its_reason(line: bytes, reason: str) -> None:
    assert [fault.reason for fault in cv5417_2016.parse(line).faults] == [reason]


def test_building_what_was_parsed_gives_the_same_bytes() -> None:
    data = station_file(FILE)
    assert cv5417_2016.build(cv5417_2016.parse(data).records, heading="NDSTATION_TRAM") == data
