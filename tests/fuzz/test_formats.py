"""Any bytes give Parsed, a waypoint or FormatError and nothing else; what is built is read again."""

from contextlib import suppress

from hypothesis import example, given
from hypothesis import strategies as st

from protocols.errors import FormatError
from protocols.formats import FORMATS, cv5417_2016, parse_file, tt10_2021, tt13_2023
from protocols.formats.filename import build_name, parse_name
from protocols.formats.lines import read_lines
from protocols.formats.ufms import build_waypoint, identify, parse_waypoint
from protocols.records import ParsedReading
from protocols.symbols import canonical_symbol
from protocols.units import canonical_unit, convert
from protocols.waypoint import Waypoint

PROFILES = ["auto", *(known.name for known in FORMATS)]
TIMES = st.integers(0, 4_000_000_000)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyABCĐÊÔƠƯáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ0123456789"
WORDS = st.builds(
    lambda first, middle, last: first + middle + last,
    st.sampled_from(LETTERS),
    st.text(LETTERS + ".,_+-/%", max_size=12),
    st.sampled_from(LETTERS),
)
DIGITS = st.text("0123456789", min_size=1, max_size=9)
NUMBERS = st.builds(
    lambda sign, whole, fraction, exponent: sign + whole + fraction + exponent,
    st.sampled_from(("", "+", "-")),
    DIGITS,
    st.just("") | DIGITS.map(".{}".format) | st.just("."),
    st.sampled_from(("", "", "e3", "E-2", "e+07")),
)
COLUMNS = ("pH", "7,1", "7.1", "---", "", "mg/L", "20260412081500", "20260230000000", "00", "Tram01", "1052346", "µ")
SEPARATORS = ("\t", "\t", "\t", " ", ",", "\r\n", "\n", "\0", "\ufeff", "\u2028")
NEAR_LINES = st.lists(st.sampled_from(COLUMNS + SEPARATORS), max_size=60).map("".join)
FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32)


@st.composite
def readings(draw: st.DrawFn, *, status: bool, unit: bool) -> list[ParsedReading]:
    count = draw(st.integers(1, 6))
    rows: list[ParsedReading] = []
    for line in range(1, count + 1):
        raw = draw(NUMBERS)
        row = ParsedReading(draw(TIMES), draw(WORDS), float(raw), raw, draw(WORDS), "", line)
        rows.append(row._replace(status=draw(st.sampled_from(("00", "01", "02"))) if status else ""))
        if not unit and draw(st.booleans()):
            rows[-1] = rows[-1]._replace(unit="")
    return rows


def as_read(rows: list[ParsedReading]) -> list[tuple[object, ...]]:
    """What must survive; sentinels are numbers that mean none."""
    missing = (-9999.0, -999.0)
    return [
        (row.time_s, row.parameter, None if row.value in missing else row.value, row.raw, row.unit, row.status)
        for row in rows
    ]


@given(st.binary(max_size=400), st.sampled_from(PROFILES))
@example(b"\xff\xfe\x00", "auto")
@example(b"\xff\xfe\x00\xd8\n\x00", "tt10_2021")
def test_any_bytes_give_parsed(data: bytes, profile: str) -> None:
    parsed = parse_file("HN_ABCD_NUO001_20260101120000.txt", data, profile)
    for fault in parsed.faults:
        assert fault.raw.isprintable()
        assert 0 <= fault.offset <= len(data)


@given(NEAR_LINES, st.sampled_from(PROFILES), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]))
def test_any_near_file_gives_parsed_and_each_line_a_reading_or_a_fault(text: str, profile: str, codec: str) -> None:
    data = text.encode(codec)
    parsed = parse_file("x.txt", data, profile)
    for reading in parsed.records:
        assert reading.parameter.isprintable()
        assert reading.value is None or reading.value == float(reading.raw.replace(",", "."))
        assert (reading.value is None) == bool({"missing_value", "value"} & set(reading.reasons))
    if parsed.layout == "tt10_2021":
        told = {reading.line for reading in parsed.records} | {fault.line for fault in parsed.faults}
        assert {line.number for line in read_lines(data)[0]} <= told


@given(readings(status=True, unit=False))
def test_a_built_file_of_tt10_is_read_again(rows: list[ParsedReading]) -> None:
    parsed = parse_file("x.txt", tt10_2021.build(rows))
    assert as_read(list(parsed.records)) == as_read(rows)
    assert parsed.faults == ()


@given(readings(status=False, unit=False))
def test_a_built_file_of_cv5417_is_read_again(rows: list[ParsedReading]) -> None:
    data = cv5417_2016.build(rows, heading="ND01_TRAM")
    parsed = cv5417_2016.parse(data)
    assert parsed.faults == ()
    assert cv5417_2016.build(parsed.records, heading="ND01_TRAM") == data


@given(readings(status=False, unit=True))
def test_a_built_file_of_tt13_is_read_again(rows: list[ParsedReading]) -> None:
    placed = [row._replace(sub_station="Tram01", longitude_dms="1052346", latitude_dms="91309") for row in rows]
    data = tt13_2023.build(placed)
    assert tt13_2023.build(tt13_2023.parse(data).records) == data


@given(NUMBERS)
def test_a_number_keeps_every_byte(raw: str) -> None:
    line = f"pH\t{raw}\t\t20260412081500\t00\r\n".encode()
    (reading,) = tt10_2021.parse(line).records
    assert reading.raw == raw
    assert tt10_2021.build([reading]) == line


@given(st.text(max_size=80))
def test_any_name_is_a_name_or_none(text: str) -> None:
    parse_name(text)


@given(WORDS.map(lambda word: word.replace("/", "-")), TIMES)
def test_a_built_name_is_read_again(code: str, time_s: int) -> None:
    name = parse_name(build_name(f"HN_{code}", time_s))
    assert name is not None
    assert (name.code, name.time_s) == (f"HN_{code}", time_s)


@given(st.text(max_size=40), st.text(max_size=40))
@example("M\x85", "")
def test_any_text_has_a_unit_and_a_symbol_that_stay(text: str, other: str) -> None:
    assert canonical_unit(canonical_unit(text)) == canonical_unit(text)
    assert canonical_symbol(canonical_symbol(text)) == canonical_symbol(text)
    convert(1.0, text, other)


@given(
    st.binary(max_size=120) | st.binary(max_size=60).map(lambda tail: b"\x08\x64\xa2\x06" + bytes((len(tail),)) + tail)
)
@example(b"\x08\x64\xa2\x06\x00")
def test_any_bytes_give_a_waypoint_or_format_error(body: bytes) -> None:
    with suppress(FormatError):
        waypoint = parse_waypoint(body)
        assert identify(body) == (waypoint.vehicle, waypoint.time_s)
        assert waypoint.driver.isprintable()


@given(
    st.builds(
        Waypoint,
        st.text(min_size=1, max_size=12),
        st.from_regex(r"[0-9A-Z_]{0,15}", fullmatch=True),
        FLOATS,
        st.integers(1, 2**31 - 1),
        st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
        st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
        st.none() | FLOATS,
        st.none() | st.booleans(),
        st.none() | st.booleans(),
        st.none() | st.booleans(),
    )
)
def test_a_built_waypoint_is_read_again(waypoint: Waypoint) -> None:
    assert parse_waypoint(build_waypoint(waypoint)) == waypoint
