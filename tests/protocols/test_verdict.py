"""A verdict in one number."""

from hypothesis import given
from hypothesis import strategies as st

from protocols.verdict import (
    ARRIVAL_SHIFT,
    EXCLUDED,
    QUALIFIER_SHIFT,
    QUALIFIERS,
    RESENT,
    TESTS,
    arrival_of,
    describe,
    flag_of,
    pack,
    qualifier_of,
    unpack,
)

flags = st.dictionaries(st.sampled_from(TESTS), st.sampled_from([1, 2, 3, 4, 9]))


@given(flags)
def test_what_is_packed_is_read_again(tests: dict[str, int]) -> None:
    verdict = pack(tests)
    assert unpack(verdict) == tests
    assert all(flag_of(verdict, test) == tests.get(test, 0) for test in TESTS)


@given(flags)
def test_everything_fits_a_signed_integer_of_the_stores(tests: dict[str, int]) -> None:
    assert 0 <= pack(tests) | 6 << QUALIFIER_SHIFT | 5 << ARRIVAL_SHIFT | EXCLUDED | RESENT < 2**63


def test_a_verdict_is_told_in_words() -> None:
    verdict = pack({"range": 1}) | QUALIFIERS.index("below_mdl") << QUALIFIER_SHIFT | 2 << ARRIVAL_SHIFT | RESENT
    assert (qualifier_of(verdict), arrival_of(verdict)) == ("below_mdl", "late")
    assert describe(verdict) == {
        "tests": {"range": 1},
        "qualifier": "below_mdl",
        "order": "late",
        "excluded": False,
        "resent": True,
    }
