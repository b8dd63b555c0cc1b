"""What the network of the outer tests is made of: series, their checks, and the checks that can be judged together.

Invariant: a `Check` reads its sources and flags its target; every source knows the checks that it feeds.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actors.rules.model import ModelThresholds
from actors.rules.spatial import SpatialThresholds

NEVER_S = -(1 << 62)


class Node:
    """One series in the network: the checks of its own and those that it is a source of."""

    __slots__ = (
        "alike",
        "at",
        "cadence_s",
        "checks",
        "code",
        "fed_circles",
        "feeds",
        "group",
        "height_m",
        "others",
        "row",
        "station_id",
        "symbol",
        "unit",
    )

    def __init__(
        self, group: "Group", station_id: int, code: str, symbol: str, unit: str, cadence_s: int, height_m: float
    ) -> None:
        self.station_id = station_id
        self.code = code
        self.symbol = symbol
        self.unit = unit
        self.cadence_s = cadence_s
        self.height_m = height_m
        self.checks: list[Check] = []
        self.feeds: list[Check] = []
        self.fed_circles: list[Circle] = []
        self.group = group
        self.at = len(group.nodes)
        group.nodes.append(self)
        self.alike = Alike(group, None, cadence_s, (), False)
        """What it has in common with others; known once the network stands."""
        self.others: tuple[Check, ...] = ()
        """The checks of its own that are judged one by one."""
        self.row = -1
        """Where its check that is judged together stands in the circle."""

    def settle(self, known: "dict[tuple[object, ...], Alike]") -> None:
        """Once the network stands: find those like it."""
        together = [check for check in self.checks if check.circle.together]
        circle = together[0].circle if together else None
        if together:
            self.row = together[0].at
        self.others = tuple(check for check in self.checks if check not in together)
        shared = self.group, circle, self.cadence_s, tuple(self.fed_circles), bool(self.others)
        self.alike = known.setdefault(shared, Alike(*shared))


class Alike:
    """Series that are taken in together: of one group and cadence, with one circle of their own, feeding the same.

    They have checks besides, each its own, or have none.
    """

    __slots__ = ("besides", "cadence_s", "circle", "fed", "group")

    def __init__(
        self, group: "Group", circle: "Circle | None", cadence_s: int, fed: "tuple[Circle, ...]", besides: bool
    ) -> None:
        self.besides = besides
        self.group = group
        self.circle = circle
        self.cadence_s = cadence_s
        self.fed = fed


class Group:
    """The series of one element, and the spatial tests between them: one `Circle` for each set of thresholds."""

    __slots__ = ("circles", "nodes")

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.circles: dict[SpatialThresholds, Circle] = {}

    def circle(self, limits: SpatialThresholds) -> "Circle":
        """The tests with these thresholds."""
        if (circle := self.circles.get(limits)) is None:
            circle = self.circles[limits] = Circle(limits.dt_max_s, self, limits)
        return circle


class Circle:
    """Checks that can be judged together: one test, one element, one set of thresholds; a check of another test alone.

    `last_key` is the newest key that any of them was judged with.
    """

    __slots__ = ("_table", "checks", "dt_max_s", "group", "last_key", "limits", "sum_s")

    def __init__(self, dt_max_s: float, group: Group | None = None, limits: SpatialThresholds | None = None) -> None:
        self.dt_max_s = dt_max_s
        self.sum_s = 0 if limits is None else int(limits.sum_s)
        self.group = group
        self.limits = limits
        self.checks: list[Check] = []
        self.last_key = NEVER_S
        self._table: Table | None = None

    @property
    def together(self) -> bool:
        """Whether its checks can be judged together: those of instants."""
        return self.limits is not None and not self.sum_s

    @property
    def table(self) -> "Table":
        """The neighbours of all its checks; made once the network stands."""
        if self._table is None:
            assert self.group is not None
            nodes, width = self.group.nodes, max((len(check.near) for check in self.checks), default=0)
            near = np.full((len(self.checks), width), len(nodes), dtype=np.int32)
            for row, check in zip(near, self.checks, strict=True):
                row[: len(check.near)] = check.near
            heights_m = np.array([*(node.height_m for node in nodes), 0.0])
            self._table = Table(near, heights_m[[check.target.at for check in self.checks]], heights_m)
        return self._table


class Table(NamedTuple):
    """A circle's neighbours by their places in the group, a row for each check, filled up with nobody's place.

    The heights are those of the checks' own series, and of all series of the group.
    """

    near: NDArray[np.int32]
    own_heights_m: NDArray[np.float64]
    heights_m: NDArray[np.float64]


class Check:
    """One outer test of one series; it stands at `at` in its circle."""

    __slots__ = ("_alone", "at", "circle", "dt_max_s", "limits", "near", "rule", "sum_s", "target", "test")

    def __init__(
        self,
        test: str,
        target: Node,
        sources: Sequence[tuple[Node, float]],
        limits: ModelThresholds | None,
        dt_max_s: float,
        rule: tuple[str, str] = ("", ""),
    ) -> None:
        self.test = test
        self.target = target
        self.limits: SpatialThresholds | ModelThresholds | None = limits
        self.dt_max_s = dt_max_s
        self.rule = rule
        self.sum_s = 0
        self.near = array("i")
        """Neighbours by their places in the group, nearest first."""
        self._alone = tuple(sources)
        self._join(Circle(dt_max_s), [node for node, _ in sources])

    @classmethod
    def between(cls, target: Node, neighbours: Sequence[Node], limits: SpatialThresholds) -> "Check":
        """The spatial test of a series against neighbours of its group, nearest first."""
        check = cls.__new__(cls)
        check.test, check.target, check.rule = "spatial", target, ("", "")
        circle = target.group.circle(limits)
        assert circle.limits is not None
        check.limits, check.dt_max_s, check.sum_s = circle.limits, circle.dt_max_s, circle.sum_s
        check.near = array("i", [node.at for node in neighbours])
        check._alone = ()
        check._join(circle, neighbours)
        return check

    def _join(self, circle: Circle, sources: Iterable[Node]) -> None:
        self.circle = circle
        self.at = len(circle.checks)
        circle.checks.append(self)
        self.target.checks.append(self)
        for node in sources:
            node.feeds.append(self)
            if circle not in node.fed_circles:
                node.fed_circles.append(circle)

    @property
    def sources(self) -> Iterator[tuple[Node, float]]:
        """The series it reads, nearest first, each with what to add to its value (or, of other tests, multiply by)."""
        yield from self._alone
        if isinstance(limits := self.limits, SpatialThresholds):
            nodes, height_m = self.target.group.nodes, self.target.height_m
            for at in self.near:
                yield (node := nodes[at]), limits.gradient * (height_m - node.height_m)
