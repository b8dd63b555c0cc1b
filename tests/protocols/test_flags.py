"""Flags that several tests gave, packed and joined."""

from hypothesis import given
from hypothesis import strategies as st

from protocols.flags import NEIGHBOURED, aggregate, outer_nibbles, overall
from protocols.vocabulary import Flag

FLAGS = st.sampled_from(list(Flag))


@given(FLAGS, st.dictionaries(st.integers(0, 13), FLAGS))
def test_what_was_packed_is_found_again_and_joined(own: Flag, outer: dict[int, Flag]) -> None:
    packed = sum(int(flag) << 4 * place for place, flag in outer.items())
    for number in (packed, packed | NEIGHBOURED):
        assert dict(outer_nibbles(number)) == outer
        assert overall(own, number) == aggregate([own, *outer.values()])


def test_a_value_of_which_no_outer_test_spoke_keeps_its_own_flag() -> None:
    assert overall(Flag.MISSING, 0) is Flag.MISSING


@given(FLAGS)
def test_the_mark_of_neighbours_is_no_verdict(flag: Flag) -> None:
    assert overall(flag, NEIGHBOURED) is flag
    assert list(outer_nibbles(NEIGHBOURED | 4 << 40)) == [(10, Flag.FAIL)]
