"""The five columns of TT 10/2021/TT-BTNMT Phụ lục 15, as the rule says and as they come."""

import pytest

from protocols.formats import tt10_2021
from protocols.formats.columns import MAX_FAULTS
from protocols.records import Fault, Parsed, ParsedReading
from protocols.times import parse_iso
from tests.protocols.formats.samples import station_file

AIR = "HY_TEST_KHI001_20260412081500.txt"
ONE_LINE = "HN_ABCD_NUO001_20260101120000.txt"
TIME_S = parse_iso("2026-04-12T08:15:00+07:00")


def parse_line(text: str) -> Parsed:
    return tt10_2021.parse(text.encode())


def only_reading(text: str) -> ParsedReading:
    (reading,) = parse_line(text).records
    return reading


def only_fault(parsed: Parsed) -> Fault:
    (fault,) = parsed.faults
    return fault


def test_a_station_file_gives_one_reading_per_line_and_no_fault() -> None:
    parsed = tt10_2021.parse(station_file(AIR))
    assert parsed.faults == ()
    assert [reading.line for reading in parsed.records] == list(range(1, 10))
    assert parsed.records[2] == ParsedReading(TIME_S, "CO", 1204.75, "1204.75", "ug/m3", "02", 3)


def test_a_name_in_vietnamese_with_an_empty_unit_is_read() -> None:
    assert only_reading("Nhiệtđộ\t27.4310\t\t20260412081500\t00\r\n")[1:5] == ("Nhiệtđộ", 27.431, "27.4310", "")


def test_names_hold_spaces_and_commas() -> None:
    assert only_reading("m,p - Xylene\t0.12\tppb\t20260412081500\t00\r\n").parameter == "m,p - Xylene"


def test_a_name_in_decomposed_letters_is_composed() -> None:
    assert only_reading("A\u0301psua\u0302\u0301t\t1\t\t20260412081500\t00\n").parameter == "Ápsuất"


def test_all_parameters_on_one_line_are_groups_of_five() -> None:
    parsed = tt10_2021.parse(station_file(ONE_LINE))
    assert parsed.faults == ()
    assert [(reading.parameter, reading.value, reading.status) for reading in parsed.records] == [
        ("pH", 7.12, "00"),
        ("TSS", 23.4, "00"),
        ("COD", None, "02"),
    ]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_lines_end_in_any_of_the_three_ways(end: str) -> None:
    text = end.join(("pH\t7\t\t20260412081500\t00", "TSS\t9\tmg/l\t20260412081500\t00", ""))
    parsed = parse_line(text)
    assert [reading.parameter for reading in parsed.records] == ["pH", "TSS"]
    assert parsed.faults == ()


@pytest.mark.parametrize("word", ["", "-", "---", "nan", "NaN", "NULL", "-9999", "-9999.00", "-999"])
def test_a_word_for_no_value_is_a_missing_value_and_no_fault(word: str) -> None:
    parsed = parse_line(f"pH\t{word}\t\t20260412081500\t00\n")
    assert parsed.faults == ()
    assert parsed.records[0].value is None
    assert parsed.records[0].raw == word
    assert parsed.records[0].reasons == ("missing_value",)


def test_a_decimal_comma_is_told_and_the_value_kept() -> None:
    parsed = parse_line("pH\t7,12\t\t20260412081500\t00\n")
    assert (parsed.records[0].value, parsed.records[0].raw) == (7.12, "7,12")
    assert only_fault(parsed).reason == "decimal_comma"


@pytest.mark.parametrize("text", ["abc", "1.234,5", "1,2,3", "inf", "1e999", "0x10", "１２", "7 12", "--", "1_0"])
def test_what_is_no_number_is_told_and_has_no_value(text: str) -> None:
    parsed = parse_line(f"pH\t{text}\t\t20260412081500\t00\n")
    assert parsed.records[0].value is None
    assert parsed.records[0].reasons == ("value",)
    assert only_fault(parsed).reason == "value"


@pytest.mark.parametrize("digits", ["20260229000000", "20261301000000", "20260105240000", "202601050815", "", "now"])
def test_a_time_that_is_no_instant_makes_a_fault_and_no_reading(digits: str) -> None:
    parsed = parse_line(f"pH\t7\t\t{digits}\t00\n")
    assert parsed.records == ()
    assert only_fault(parsed).reason == "time"


@pytest.mark.parametrize(("written", "read"), [("0", "00"), ("1", "01"), ("2", "02"), ("01", "01")])
def test_a_status_of_one_digit_is_widened(written: str, read: str) -> None:
    parsed = parse_line(f"pH\t7\t\t20260412081500\t{written}\n")
    assert parsed.records[0].status == read
    assert parsed.faults == ()


@pytest.mark.parametrize("status", ["03", "", "OK"])
def test_another_status_is_told_and_kept_as_written(status: str) -> None:
    parsed = parse_line(f"pH\t7\t\t20260412081500\t{status}\n")
    assert parsed.records[0].status == status
    assert only_fault(parsed).reason == "status"


def test_columns_parted_by_spaces_are_read_and_told() -> None:
    parsed = parse_line("COD   35.2 mg/L  20260412081500 00\n")
    assert parsed.records[0].value == 35.2
    assert parsed.records[0].reasons == ("separator",)
    assert only_fault(parsed).reason == "separator"


def test_a_tab_too_many_at_the_end_is_told_and_the_line_read() -> None:
    parsed = parse_line("COD\t35.2\tmg/L\t20260412081500\t00\t\n")
    assert parsed.records[0].status == "00"
    assert only_fault(parsed).reason == "separator"


@pytest.mark.parametrize("line", ["COD\t35.2\tmg/L\t20260412081500", "COD\t35.2\tmg/L\t20260412081500\t00\tx", "hello"])
def test_a_line_of_another_width_is_refused_and_the_rest_read(line: str) -> None:
    parsed = parse_line(f"pH\t7\t\t20260412081500\t00\r\n{line}\r\nTSS\t9\tmg/l\t20260412081500\t00\r\n")
    assert [reading.parameter for reading in parsed.records] == ["pH", "TSS"]
    fault = only_fault(parsed)
    assert (fault.line, fault.offset, fault.field, fault.reason) == (2, 25, "fields", "fields")
    assert fault.raw == line.replace("\t", "\\t")


def test_a_fault_says_what_and_where_and_the_mend() -> None:
    detail = only_fault(parse_line("\npH\t7,1\t\t20260412081500\t00\n")).detail
    assert detail == "In line 2 the value has a decimal comma: write a decimal point."


def test_a_line_without_parameter_is_a_fault() -> None:
    parsed = parse_line("\t7\t\t20260412081500\t00\n")
    assert parsed.records == ()
    assert only_fault(parsed).reason == "param"


def test_control_characters_never_reach_a_reading() -> None:
    parsed = parse_line("p\0H\t7\t\t20260412081500\t00\n")
    assert parsed.records == ()
    assert only_fault(parsed).reason == "characters"
    assert "\0" not in only_fault(parsed).raw


def test_a_column_too_long_for_the_store_is_a_fault() -> None:
    parsed = parse_line(f"{'x' * 49}\t7\t\t20260412081500\t00\n")
    assert parsed.records == ()
    assert only_fault(parsed).reason == "too_long"


def test_very_many_faults_are_counted_and_the_first_told() -> None:
    parsed = parse_line("hello\n" * (MAX_FAULTS + 7))
    assert len(parsed.faults) == MAX_FAULTS + 1
    assert parsed.faults[-1].reason == "too_many"
    assert "7 more" in parsed.faults[-1].detail


def test_building_what_was_parsed_gives_the_same_bytes() -> None:
    data = station_file(AIR)
    assert tt10_2021.build(tt10_2021.parse(data).records) == data


def test_building_on_one_line_gives_the_same_columns() -> None:
    data = station_file(ONE_LINE)
    assert tt10_2021.build(tt10_2021.parse(data).records, one_line=True) == data.replace(b"\n", b"\r\n")


def test_a_decimal_comma_is_built_as_a_point() -> None:
    assert tt10_2021.build([ParsedReading(TIME_S, "pH", 7.1, "7,10", "", "00", 1)]).startswith(b"pH\t7.10\t\t")


def test_a_separator_inside_a_column_is_not_built() -> None:
    with pytest.raises(ValueError, match="separator"):
        tt10_2021.build([ParsedReading(TIME_S, "p\tH", 7.1, "7.1", "", "00", 1)])
