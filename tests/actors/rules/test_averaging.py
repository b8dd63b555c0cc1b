"""Q13, hourly mean."""

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.averaging import Member, hourly_mean, needed_count
from protocols.times import parse_iso
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases


@cases("hourly_mean")
def test_the_mean_equals_the_vector(case: Case) -> None:
    rows = [Member(parse_iso(row["t"]), row["v"], Flag(row["flag"])) for row in case["input"]["records"]]
    params, expected = case["params"], case["expected"]
    found = hourly_mean(rows, parse_iso(case["input"]["hour_end"]), params["interval_s"], params["completeness"])
    assert (found.members, found.expected, found.flag) == (expected["n"], expected["n_exp"], expected["flag"])
    if expected["mean"] is None:
        assert found.value is None
    else:
        assert found.value is not None
        assert abs(found.value - expected["mean"]) <= 1e-9


def test_nine_of_twelve_and_five_of_six_are_needed() -> None:
    assert (needed_count(12, 0.75), needed_count(6, 0.75)) == (9, 5)


@given(st.lists(st.tuples(st.integers(1, 12), st.floats(-50, 50), st.sampled_from(Flag)), max_size=20))
def test_a_number_stands_only_on_enough_members_and_lies_between_them(rows: list[tuple[int, float, Flag]]) -> None:
    readings = [Member(slot * 300, value, flag) for slot, value, flag in rows]
    found = hourly_mean(readings, 3600, 300)
    assert (found.value is not None) is (found.members >= 9) is (found.flag is not Flag.MISSING)
    if found.value is not None:
        values = [reading.value for reading in readings if reading.value is not None]
        assert min(values) - 1e-9 <= found.value <= max(values) + 1e-9
