"""Who is judged against whom beyond a station: the static network of series and their outer tests.

Built once per version of the inventory: neighbours of the same element within radius and height (or named pairs), a
model's series, the series of one work. A place with fewer static neighbours than the test needs has no spatial test,
unless its own table asks for one: then it says NOT_EVALUATED.
Invariant: a `Check` reads its sources and flags its target; every source knows the checks that it feeds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

from actors.rules.consistency import RULES
from actors.rules.defaults import Element, find_element, plain_unit
from actors.rules.model import ModelThresholds
from actors.rules.spatial import Site, SpatialThresholds, find_neighbours
from protocols.symbols import canonical_symbol
from protocols.units import convert
from protocols.vocabulary import StationKind

DEGREE_M = 110_000.0
"""A little less than a degree of latitude: a box of radius / DEGREE_M degrees leaves out no neighbour."""


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """One series of the inventory, as the network needs it."""

    station_id: int
    code: str
    kind: str
    lat: float | None
    lon: float | None
    elevation_m: float | None
    cadence_s: int
    symbol: str
    unit: str
    qc: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WorkRule:
    """A rule between series of different stations: rule name and (code, symbol) by role."""

    work: str
    rule: str
    series: Mapping[str, tuple[str, str]]


class Node:
    """One series in the network: the checks of its own and those that it is a source of."""

    __slots__ = ("cadence_s", "checks", "code", "feeds", "station_id", "symbol", "unit")

    def __init__(self, facts: SeriesFacts) -> None:
        self.station_id = facts.station_id
        self.code = facts.code
        self.symbol = facts.symbol
        self.unit = facts.unit
        self.cadence_s = facts.cadence_s
        self.checks: list[Check] = []
        self.feeds: list[Check] = []


class Check:
    """One outer test of one series. `sources` are (node, what to add to or multiply its value by)."""

    __slots__ = ("dt_max_s", "last_key", "limits", "rule", "sources", "sum_s", "target", "test")

    def __init__(
        self,
        test: str,
        target: Node,
        sources: Sequence[tuple[Node, float]],
        limits: SpatialThresholds | ModelThresholds | None,
        dt_max_s: float,
        rule: tuple[str, str] = ("", ""),
    ) -> None:
        self.test = test
        self.target = target
        self.sources = tuple(sources)
        self.limits = limits
        self.dt_max_s = dt_max_s
        self.rule = rule
        self.sum_s = int(limits.sum_s) if isinstance(limits, SpatialThresholds) else 0
        self.last_key = -(1 << 62)
        target.checks.append(self)
        for node, _ in self.sources:
            node.feeds.append(self)


Network = dict[tuple[int, str], Node]


def build_network(
    series: Iterable[SeriesFacts], elements: Sequence[Element], works: Iterable[WorkRule] = ()
) -> Network:
    """Build the network; only series that some test concerns are in it."""
    facts = list(series)
    nodes = {(each.code, each.symbol): Node(each) for each in facts}
    groups: dict[tuple[str, str], list[SeriesFacts]] = {}
    for each in facts:
        groups.setdefault(_group(each), []).append(each)
    for group in groups.values():
        _spatial(group, nodes, elements)
    for each in facts:
        _model(each, nodes)
    for work in works:
        _work(work, nodes)
    return {(node.station_id, node.symbol): node for node in nodes.values() if node.checks or node.feeds}


def _group(facts: SeriesFacts) -> tuple[str, str]:
    """Series of one element are comparable: the same symbol in the same unit (H is level, h is wave height)."""
    symbol = canonical_symbol(facts.symbol)
    return symbol if len(symbol) == 1 else symbol.casefold(), plain_unit(facts.unit)


def _spatial(group: list[SeriesFacts], nodes: Mapping[tuple[str, str], Node], elements: Sequence[Element]) -> None:
    by_code = {each.code: each for each in group}
    placed = sorted((each for each in group if each.lat is not None and each.lon is not None), key=_lat)
    lats = [_lat(each) for each in placed]
    for each in group:
        limits = spatial_limits(each, elements)
        if limits is None:
            continue
        if limits.pairs:
            others = [by_code[code] for code in limits.pairs if code in by_code and code != each.code]
            found = [(other.code, _height(each) - _height(other)) for other in others]
        elif each.lat is None or each.lon is None:
            continue
        else:
            reach = limits.radius_m / DEGREE_M
            near = placed[bisect_left(lats, each.lat - reach) : bisect_right(lats, each.lat + reach)]
            wide = reach / max(0.2, cos(radians(each.lat)))
            sites = {
                other.code: _site(other)
                for other in near
                if other.code != each.code and abs(_lon(other) - each.lon) <= wide
            }
            found = [(code, rise_m) for code, _, rise_m in find_neighbours(_site(each), sites, limits)]
        if len(found) >= limits.n_min or isinstance(each.qc.get("spatial"), Mapping):
            sources = [(nodes[code, by_code[code].symbol], limits.gradient * rise_m) for code, rise_m in found]
            Check("spatial", nodes[each.code, each.symbol], sources, limits, limits.dt_max_s)


def spatial_limits(facts: SeriesFacts, elements: Sequence[Element]) -> SpatialThresholds | None:
    """The thresholds of a series' spatial test: its own, else its element's; None where it is off."""
    own = facts.qc.get("spatial")
    if own is False:
        return None
    if not isinstance(own, Mapping):
        element = find_element(elements, facts.symbol, facts.unit, StationKind(facts.kind))
        own = element.tables(facts.cadence_s, None, only_suspect=True).get("spatial") if element else None
    return None if own is None else SpatialThresholds.from_table(own, facts.cadence_s)


def _model(facts: SeriesFacts, nodes: Mapping[tuple[str, str], Node]) -> None:
    own = facts.qc.get("model")
    if not isinstance(own, Mapping):
        return
    limits = ModelThresholds.from_table(own, facts.cadence_s)
    source = nodes.get((limits.station, limits.parameter or facts.symbol))
    factor = None if source is None else convert(1.0, source.unit, facts.unit)
    if source is not None and factor is not None:
        Check("model", nodes[facts.code, facts.symbol], [(source, factor)], limits, limits.dt_max_s)


def _work(work: WorkRule, nodes: Mapping[tuple[str, str], Node]) -> None:
    """Each flagged role is judged with the others of its rule; values are compared in the first role's unit."""
    kind = RULES[work.rule]
    members = {role: nodes.get(place) for role, place in work.series.items()}
    if any(members.get(role) is None for role in kind.reads):
        return
    base = members[kind.reads[0]]
    assert base is not None
    for role in kind.flags:
        target = members[role]
        assert target is not None
        reads = [
            (node, convert(1.0, node.unit, base.unit)) for node in map(members.get, kind.reads) if node is not None
        ]
        if any(factor is None for _, factor in reads):
            return
        sources = [(node, factor) for node, factor in reads if factor is not None]
        Check("works", target, sources, None, target.cadence_s / 2, (work.rule, role))


def _site(facts: SeriesFacts) -> Site:
    return Site(_lat(facts), _lon(facts), _height(facts))


def _lat(facts: SeriesFacts) -> float:
    assert facts.lat is not None
    return facts.lat


def _lon(facts: SeriesFacts) -> float:
    assert facts.lon is not None
    return facts.lon


def _height(facts: SeriesFacts) -> float:
    """A station whose height nobody wrote down is taken to stand as high as the sea."""
    return facts.elevation_m or 0.0
