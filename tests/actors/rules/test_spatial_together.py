"""Many values judged at once are judged as one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.spatial import SpatialThresholds, judge_votes
from actors.rules.spatial_together import judge_together
from protocols.vocabulary import Flag

number = st.one_of(st.sampled_from([0.0, -0.0, 1.0, 1.5, 2.0, 20.0, 1e-9]), st.floats(-1e6, 1e6))
vote = st.one_of(st.none(), number)
limits_of = st.builds(
    SpatialThresholds,
    radius_m=st.just(1.0),
    dz_max_m=st.just(1.0),
    n_min=st.integers(1, 4),
    n_max=st.integers(4, 8),
    sigma_min=st.sampled_from([1e-9, 0.5, 1.0]),
    k_sus=st.sampled_from([0.5, 3.0, 4.0]),
    k_fail=st.sampled_from([None, 4.0, 8.0]),
)
rows = st.integers(1, 12).flatmap(
    lambda width: st.lists(st.tuples(vote, st.lists(vote, min_size=width, max_size=width)), min_size=1, max_size=12)
)


@given(rows, limits_of)
def test_together_gives_the_flags_of_one_by_one(
    asked: list[tuple[float | None, list[float | None]]], limits: SpatialThresholds
) -> None:
    values = np.array([value for value, _ in asked], dtype=np.float64)
    votes = np.array([row for _, row in asked], dtype=np.float64)
    expected = []
    for value, row in asked:
        voters = [each for each in row if each is not None][: limits.n_max]
        flag = Flag.MISSING if value is None else judge_votes(value, voters, limits).flag
        expected.append((flag, len(voters) < limits.n_max))
    flags, depths = judge_together(values, votes, limits)
    assert list(zip(flags.tolist(), (depths > votes.shape[1]).tolist(), strict=True)) == expected


@given(rows, limits_of, number)
def test_a_verdict_hangs_on_so_many_of_the_nearest(
    asked: list[tuple[float | None, list[float | None]]], limits: SpatialThresholds, other: float
) -> None:
    values = np.array([value for value, _ in asked], dtype=np.float64)
    votes = np.array([row for _, row in asked], dtype=np.float64)
    flags, depths = judge_together(values, votes, limits)
    for row, depth in zip(votes, depths.tolist(), strict=True):
        row[depth:] = other
    again, _ = judge_together(values, votes, limits)
    assert again.tolist() == flags.tolist()


def test_the_middle_of_an_even_number_is_the_mean_of_two() -> None:
    limits = SpatialThresholds(radius_m=1, dz_max_m=1, sigma_min=1.0, k_sus=4, k_fail=8)
    votes = np.array(
        [[1.0, 2.0, 4.0, 5.0, np.nan], [np.nan, 3.0, 3.0, 3.0, np.nan], [1.0, 2.0, np.nan, np.nan, np.nan]]
    )
    flags, depths = judge_together(np.array([3.0, 7.5, 3.0]), votes, limits)
    assert flags.tolist() == [Flag.GOOD, Flag.SUSPECT, Flag.NOT_EVALUATED]
    assert (depths > votes.shape[1]).all()
