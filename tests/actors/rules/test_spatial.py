"""Q10, a value against its neighbours."""

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.spatial import Neighbour, Site, SpatialThresholds, find_neighbours, judge_spatial
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases

LIMITS = SpatialThresholds(radius_m=50_000, dz_max_m=300, sigma_min=1.0, k_sus=4, k_fail=8)


@cases("spatial")
def test_the_verdict_equals_the_vector(case: Case) -> None:
    limits = SpatialThresholds.from_table(case["params"])
    target, rows = case["input"]["target"], case["input"]["neighbours"]
    sites = {str(index): Site(row["lat"], row["lon"], row["z"]) for index, row in enumerate(rows)}
    neighbours: list[Neighbour] = []
    for name, distance_m, rise_m in find_neighbours(Site(target["lat"], target["lon"], target["z"]), sites, limits):
        row = rows[int(name)]
        neighbours.append(Neighbour(distance_m, rise_m, row["v"], row["dt"], Flag(row["flag"])))
    found = judge_spatial(target["v"], neighbours, limits)
    assert (found.flag, found.voters) == (case["expected"]["flag"], case["expected"]["n"])
    if case["expected"]["z"] is None:
        assert found.z is None
    else:
        assert found.z is not None
        assert abs(found.z - case["expected"]["z"]) <= 1e-3


@given(st.lists(st.sampled_from([Flag.SUSPECT, Flag.FAIL, Flag.MISSING]), max_size=8), st.integers(0, 2))
def test_too_few_neighbours_in_good_standing_leave_it_not_evaluated(bad: list[Flag], good: int) -> None:
    flags = bad + [Flag.GOOD] * good
    neighbours = [Neighbour(1000, 0, 20.0, 0, flag) for flag in flags]
    assert judge_spatial(20.0, neighbours, LIMITS).flag is Flag.NOT_EVALUATED


@given(st.floats(-30, 50), st.floats(-1e6, 1e6))
def test_one_wild_neighbour_does_not_change_the_verdict_on_an_agreeing_value(level: float, wild: float) -> None:
    calm = [Neighbour(1000, 0, level, 0, Flag.GOOD)] * 4
    assert judge_spatial(level, [*calm, Neighbour(1000, 0, wild, 0, Flag.GOOD)], LIMITS).flag is Flag.GOOD


def test_neighbours_are_listed_nearest_first_within_radius_and_height() -> None:
    here = Site(21.0, 105.8, 10)
    others = {"far": Site(22.0, 105.8, 10), "high": Site(21.0, 105.8, 311), "b": Site(21.2, 105.8, 10)}
    others["a"] = Site(21.1, 105.8, 310)
    assert [(name, rise_m) for name, _, rise_m in find_neighbours(here, others, LIMITS)] == [("a", -300), ("b", 0)]
