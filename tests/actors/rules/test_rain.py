"""Q15, rain sum."""

from actors.rules.averaging import Member
from actors.rules.rain import day_window, rain_sum
from protocols.times import parse_iso
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases


@cases("rain_sum")
def test_the_sum_equals_the_vector(case: Case) -> None:
    given, params, expected = case["input"], case["params"], case["expected"]
    rows = [Member(parse_iso(row["t"]), row["v"], Flag(row["flag"])) for row in given["records"]]
    start_s, end_s = parse_iso(given["start"]), parse_iso(given["end"])
    found = rain_sum(rows, start_s, end_s, params["interval_s"], params["completeness"])
    assert (found.members, found.expected, found.flag) == (expected["n"], expected["n_exp"], expected["flag"])
    if expected["sum"] is None:
        assert found.value is None
    else:
        assert found.value is not None
        assert abs(found.value - expected["sum"]) <= 1e-9


def test_the_hydromet_day_ends_at_19_with_the_end_inside() -> None:
    day = (parse_iso("2026-09-09T19:00:00"), parse_iso("2026-09-10T19:00:00"))
    assert day_window(parse_iso("2026-09-10T19:00:00")) == day
    assert day_window(parse_iso("2026-09-09T19:00:01")) == day
    assert day_window(parse_iso("2026-09-10T19:00:01"))[0] == day[1]


def test_the_civil_day_ends_at_midnight_with_the_end_inside() -> None:
    day = (parse_iso("2026-09-10T00:00:00"), parse_iso("2026-09-11T00:00:00"))
    assert day_window(parse_iso("2026-09-11T00:00:00"), 0) == day
    assert day_window(parse_iso("2026-09-10T00:10:00"), 0) == day
