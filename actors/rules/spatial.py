"""Q10, spatial: a value against the median of its neighbours at the same time.

The spread is 1.4826 * MAD with a floor, so one wild neighbour moves neither centre nor spread. For water level, pairs
upstream and downstream take the place of a radius. Rain is compared as the sum of an hour (`sum_s`).
Invariant: fewer than `n_min` neighbours in good standing leave the value NOT_EVALUATED.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite, log1p, sqrt
from typing import Literal, NamedTuple, Self

from actors.rules.distance import distance_m
from actors.rules.flags import exceeds
from actors.rules.thresholds import read_table, require_ascending, require_positive
from protocols.vocabulary import Flag

MAD_TO_SIGMA = 1.4826
ANYWHERE_M = 4e7
"""Over every distance on Earth."""

Transform = Literal["identity", "sqrt", "log1p"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpatialThresholds:
    """Who is a neighbour (radius, height, age, number), how values compare, and how far apart they may lie.

    `gradient` is the element's change per metre of height; `sigma_min` and both `k` speak of transformed values.
    `pairs` names the stations to compare with (then there is neither radius nor height); `sum_s` = 0 compares instants.
    """

    radius_m: float
    dz_max_m: float
    n_min: int = 3
    n_max: int = 10
    dt_max_s: float = 300
    gradient: float = 0.0
    sigma_min: float
    k_sus: float
    k_fail: float | None = None
    transform: Transform = "identity"
    sum_s: float = 0
    pairs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_positive(radius_m=self.radius_m, n_min=self.n_min, sigma_min=self.sigma_min, k_sus=self.k_sus)
        require_ascending(n_min=self.n_min, n_max=self.n_max)
        require_ascending(k_sus=self.k_sus, k_fail=self.k_fail)

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.spatial`; raises ValueError."""
        numbers = {key: value for key, value in table.items() if key != "pairs"}
        named = table.get("pairs", [])
        if not isinstance(named, list | tuple) or not all(isinstance(code, str) and code for code in named):
            raise ValueError(f'qc.spatial.pairs: {named!r} is no list of station codes; write pairs = ["A", "B"]')
        if named:
            anywhere = {"radius_m": ANYWHERE_M, "dz_max_m": ANYWHERE_M, "n_min": min(3, len(named))}
            numbers = {**anywhere, **numbers}
        return replace(read_table(cls, "qc.spatial", numbers, cadence_s), pairs=tuple(named))


class Site(NamedTuple):
    """Where a station stands: degrees WGS84 and metres of height."""

    lat: float
    lon: float
    height_m: float


class Neighbour(NamedTuple):
    """A neighbour's newest value: how far off, how much lower we stand, how old against ours, and its flag."""

    distance_m: float
    rise_m: float
    value: float | None
    apart_s: float
    flag: Flag


class SpatialVerdict(NamedTuple):
    """Flag, number of neighbours that voted, and the distance in sigmas where there were enough."""

    flag: Flag
    voters: int | None
    z: float | None


def find_neighbours(
    site: Site, others: Mapping[str, Site], limits: SpatialThresholds
) -> list[tuple[str, float, float]]:
    """List the static neighbours as (name, distance_m, rise_m), nearest first; done once per change of the network."""
    found = [
        (name, distance_m(site.lat, site.lon, other.lat, other.lon), site.height_m - other.height_m)
        for name, other in others.items()
    ]
    near = [row for row in found if row[1] <= limits.radius_m and abs(row[2]) <= limits.dz_max_m]
    return sorted(near, key=lambda row: row[1])


def judge_spatial(value: float | None, neighbours: Iterable[Neighbour], limits: SpatialThresholds) -> SpatialVerdict:
    """Judge one value against its neighbours' newest values, given nearest first.

    Source: QĐ 338/QĐ-KTTV art. 5, 2a (homogeneity in space).
    """
    if value is None or not isfinite(value):
        return SpatialVerdict(Flag.MISSING, None, None)
    transform = _TRANSFORMS[limits.transform]
    voters: list[float] = []
    for neighbour in neighbours:
        if len(voters) < limits.n_max and _may_vote(neighbour, limits):
            assert neighbour.value is not None
            voters.append(transform(neighbour.value + limits.gradient * neighbour.rise_m))
    return judge_votes(transform(value), voters, limits)


def transform_of(name: Transform) -> Callable[[float], float]:
    """The scale on which values are compared."""
    return _TRANSFORMS[name]


def judge_votes(value: float, voters: list[float], limits: SpatialThresholds) -> SpatialVerdict:
    """Judge a value against the votes of neighbours in good standing; all of them transformed already."""
    if len(voters) < limits.n_min:
        return SpatialVerdict(Flag.NOT_EVALUATED, len(voters), None)
    centre = _median(voters)
    spread = max(MAD_TO_SIGMA * _median([abs(voter - centre) for voter in voters]), limits.sigma_min)
    z = abs(value - centre) / spread
    if limits.k_fail is not None and exceeds(z, limits.k_fail):
        flag = Flag.FAIL
    else:
        flag = Flag.SUSPECT if exceeds(z, limits.k_sus) else Flag.GOOD
    return SpatialVerdict(flag, len(voters), z)


def _median(values: list[float]) -> float:
    """The middle one, or the mean of the middle two; a third of the time that `statistics.median` takes."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _may_vote(neighbour: Neighbour, limits: SpatialThresholds) -> bool:
    return (
        neighbour.distance_m <= limits.radius_m
        and abs(neighbour.rise_m) <= limits.dz_max_m
        and abs(neighbour.apart_s) <= limits.dt_max_s
        and neighbour.flag in (Flag.GOOD, Flag.NOT_EVALUATED)
        and neighbour.value is not None
        and isfinite(neighbour.value)
    )


def _identity(value: float) -> float:
    return value


def _root(value: float) -> float:
    return sqrt(max(value, 0.0))


def _log1p(value: float) -> float:
    return log1p(max(value, 0.0))


_TRANSFORMS: Mapping[str, Callable[[float], float]] = {"identity": _identity, "sqrt": _root, "log1p": _log1p}
