"""Who is judged against whom beyond a station: the static network of series and their outer tests.

Built once per version of the inventory: neighbours of the same element within radius and height (or named pairs), a
model's series, the series of one work. A place with fewer static neighbours than the test needs has no spatial test,
unless its own table asks for one: then it says NOT_EVALUATED.
Invariant: a spatial test knows the nearest neighbours that its thresholds allow, `KNOWN_SHARE * n_max` of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from actors.nearest import Places
from actors.outer_checks import Alike, Check, Group, Node
from actors.rules.consistency import RULES
from actors.rules.defaults import Element, find_element, plain_unit
from actors.rules.model import ModelThresholds
from actors.rules.spatial import Site, SpatialThresholds
from protocols.symbols import canonical_symbol
from protocols.units import convert
from protocols.vocabulary import StationKind

KNOWN_SHARE = 4
"""A test of `n_max` votes knows so many times as many neighbours, the nearest: they vote where nearer ones cannot."""


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


Network = dict[tuple[int, str], Node]


def build_network(
    series: Iterable[SeriesFacts], elements: Sequence[Element], works: Iterable[WorkRule] = ()
) -> Network:
    """Build the network; only series that some test concerns are in it."""
    facts = list(series)
    groups: dict[tuple[str, str], tuple[Group, list[SeriesFacts]]] = {}
    nodes: dict[tuple[str, str], Node] = {}
    for each in facts:
        group, members = groups.setdefault(_group(each), (Group(), []))
        members.append(each)
        place = each.station_id, each.code, each.symbol, each.unit, each.cadence_s, _height(each)
        nodes[each.code, each.symbol] = Node(group, *place)
    for _, members in groups.values():
        _spatial(members, nodes, elements)
    for each in facts:
        _model(each, nodes)
    for work in works:
        _work(work, nodes)
    known: dict[tuple[object, ...], Alike] = {}
    concerned = [node for node in nodes.values() if node.checks or node.feeds]
    for node in concerned:
        node.settle(known)
    return {(node.station_id, node.symbol): node for node in concerned}


def _group(facts: SeriesFacts) -> tuple[str, str]:
    """Series of one element are comparable: the same symbol in the same unit (H is level, h is wave height)."""
    symbol = canonical_symbol(facts.symbol)
    return symbol if len(symbol) == 1 else symbol.casefold(), plain_unit(facts.unit)


def _spatial(members: list[SeriesFacts], nodes: Mapping[tuple[str, str], Node], elements: Sequence[Element]) -> None:
    by_code = {each.code: each for each in members}
    places = Places({each.code: _site(each) for each in members if each.lat is not None and each.lon is not None})
    for each in members:
        limits = spatial_limits(each, elements)
        if limits is None:
            continue
        if limits.pairs:
            found = [code for code in limits.pairs if code in by_code and code != each.code]
        elif each.code in places:
            found = places.near(each.code, limits, KNOWN_SHARE * limits.n_max)
        else:
            continue
        if len(found) >= limits.n_min or isinstance(each.qc.get("spatial"), Mapping):
            neighbours = [nodes[code, by_code[code].symbol] for code in found]
            Check.between(nodes[each.code, each.symbol], neighbours, limits)


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


def neighboured_series(network: Network) -> frozenset[tuple[int, str]]:
    """The series whose spatial test has as many static neighbours as it needs: for them it is a mandatory one."""
    return frozenset(
        key
        for key, node in network.items()
        for check in node.checks
        if isinstance(check.limits, SpatialThresholds) and len(check.near) >= check.limits.n_min
    )


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
    assert facts.lat is not None
    assert facts.lon is not None
    return Site(facts.lat, facts.lon, _height(facts))


def _height(facts: SeriesFacts) -> float:
    """A station whose height nobody wrote down is taken to stand as high as the sea."""
    return facts.elevation_m or 0.0
