"""The faults of a file that only inventory and clock can see."""

from actors.dictionary import Dictionary
from actors.inspection import inspect
from protocols.formats import parse_file
from protocols.records import Fault, Parsed
from protocols.times import parse_iso
from tests.actors.station_kit import profile

NAME = "TB_A_20260320170000.txt"
NOW_S = parse_iso("2026-03-20T17:01:00+07:00")
SOUND = b"COD\t12.5\tmg/L\t20260320170000\t00\r\n"


def faults_of(data: bytes, now_s: float = NOW_S) -> tuple[Fault, ...]:
    return inspect(parse_file(NAME, data), Dictionary(profile()), data, now_s).faults


def test_a_sound_file_comes_back_as_it_is() -> None:
    parsed = parse_file(NAME, SOUND)
    assert inspect(parsed, Dictionary(profile()), SOUND, NOW_S) is parsed


def test_a_wrong_unit_is_told_with_line_offset_and_what_it_would_be() -> None:
    (fault,) = faults_of(SOUND + SOUND.replace(b"mg/L", b"ug/L"))
    assert (fault.line, fault.offset, fault.field, fault.reason, fault.hint) == (2, len(SOUND), "unit", "unit", "mg/L")
    assert "12.5 ug/L would be 0.0125 mg/L" in fault.detail
    assert fault.raw.startswith("COD\\t12.5\\tug/L")


def test_an_unregistered_parameter_is_told_with_the_one_that_was_meant() -> None:
    (fault,) = faults_of(SOUND.replace(b"COD", b"CODD"))
    assert (fault.reason, fault.hint) == ("param", "COD")


def test_a_time_after_the_receipt_is_told() -> None:
    (fault,) = faults_of(SOUND, NOW_S - 3600)
    assert (fault.field, fault.reason) == ("time", "future")
    assert faults_of(SOUND, NOW_S - 300) == ()


def test_faults_stand_in_the_order_of_lines_and_are_counted_where_there_are_too_many() -> None:
    wrong = SOUND.replace(b"mg/L", b"ug/L")
    mixed = wrong + b"no columns\r\n" + wrong
    assert [fault.line for fault in faults_of(mixed)] == [1, 2, 3]
    many = faults_of(wrong * 300)
    assert (len(many), many[-1].reason, many[-1].hint) == (201, "too_many", "100")


def test_a_file_without_readings_has_its_readers_faults_only() -> None:
    assert inspect(Parsed("", (), ()), Dictionary(profile()), b"", NOW_S).faults == ()
