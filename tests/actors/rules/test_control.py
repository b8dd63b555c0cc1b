"""Mandatory tests and control states."""

import pytest

from actors.rules.completeness import CompletenessThresholds
from actors.rules.control import hour_flag, mandatory_of, mandatory_tests, state_of
from protocols.flags import NEIGHBOURED
from tests.actors.rules.vector_files import Case, cases


@cases("aggregate_state")
def test_the_state_of_stored_flags_is_that_of_the_vectors(case: Case) -> None:
    assert state_of(case["input"]["flags"], case["params"]["mandatory"]) == case["expected"]["state"]


@pytest.mark.parametrize(
    ("network", "override", "outer_flags", "tests"),
    [
        ("national", None, 0, ("syntax", "range", "step", "flat_line")),
        ("own", None, NEIGHBOURED, ("syntax", "range", "step", "flat_line", "spatial")),
        ("own", None, 2 << 40, ("syntax", "range", "step", "flat_line")),
        ("special", None, NEIGHBOURED, ("syntax", "completeness")),
        ("special", ["range"], 0, ("range",)),
    ],
)
def test_the_mandatory_tests_follow_the_network_unless_the_inventory_names_them(
    network: str, override: list[str] | None, outer_flags: int, tests: tuple[str, ...]
) -> None:
    assert mandatory_of(mandatory_tests(network, override), outer_flags) == tests


@pytest.mark.parametrize(("count", "flag"), [(12, 1), (9, 1), (8, 3), (6, 3), (5, 4), (0, 9)])
def test_an_hour_is_as_complete_as_its_members(count: int, flag: int) -> None:
    assert hour_flag(count, 12, CompletenessThresholds(interval_s=300)) == flag
