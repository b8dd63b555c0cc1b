"""Aggregate and control state."""

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.flags import OUTER_TESTS, aggregate, control_state, exceeds, outer_verdicts, overall, with_verdict
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases

flag_lists = st.lists(st.sampled_from(Flag))


@cases("aggregate_state")
def test_aggregate_and_state_equal_the_vector(case: Case) -> None:
    flags = {test: Flag(flag) for test, flag in case["input"]["flags"].items()}
    assert aggregate(flags.values()) == case["expected"]["flag"]
    assert control_state(flags, case["params"]["mandatory"]) == case["expected"]["state"]


@given(flag_lists)
def test_good_needs_at_least_one_good_vote(flags: list[Flag]) -> None:
    if aggregate(flags) is Flag.GOOD:
        assert Flag.GOOD in flags


@given(flag_lists)
def test_the_aggregate_does_not_depend_on_order(flags: list[Flag]) -> None:
    assert aggregate(flags) is aggregate(sorted(flags))


def test_a_value_exactly_at_a_limit_with_floating_noise_passes() -> None:
    assert not exceeds(0.1 + 0.2, 0.3)
    assert exceeds(0.300001, 0.3)


@given(st.lists(st.tuples(st.sampled_from(sorted(OUTER_TESTS)), st.sampled_from([None, *Flag])), max_size=12))
def test_outer_verdicts_are_kept_side_by_side(written: list[tuple[str, Flag | None]]) -> None:
    packed = 0
    for test, flag in written:
        packed = with_verdict(packed, test, flag)
    last = dict(written)
    assert outer_verdicts(packed) == {test: flag for test, flag in last.items() if flag is not None}
    assert packed < 1 << 63
    assert overall(Flag.GOOD, packed) == aggregate([Flag.GOOD, *outer_verdicts(packed).values()])
