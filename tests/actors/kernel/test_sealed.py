"""A snapshot under seal is the one that was put away, or it is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.kernel.sealed import BrokenSeal, seal, unseal


@given(st.binary())
def test_what_was_put_away_is_found_again(state: bytes) -> None:
    assert unseal(seal(state)) == state


@given(st.binary(), st.data())
def test_a_snapshot_of_which_a_bit_changed_is_told(state: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(state))
    at = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises(BrokenSeal):
        unseal(bytes(sealed))


@given(st.binary(), st.data())
def test_a_snapshot_that_was_cut_short_is_told(state: bytes, data: st.DataObject) -> None:
    sealed = seal(state)
    with pytest.raises(BrokenSeal):
        unseal(sealed[: data.draw(st.integers(0, len(sealed) - 1))])
