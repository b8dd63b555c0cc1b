"""What the series of a group say at an instant, asked once for all whom they speak to, until their values change.

Invariant: what stands here is what the columns say now: whoever changes a value tells it to `came`.
"""

from collections.abc import Iterable, Mapping
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actors.outer_checks import Circle, Group, Node
from actors.outer_columns import Columns, Entry
from actors.rules.spatial_together import Numbers, scaled

MOST_INSTANTS = 8
"""Of each circle so many are kept, the newest: those that late neighbours are judged again for are among them."""


class Spoken:
    """Who came to speak at one instant, in the order of coming: places in the group, and votes."""

    __slots__ = ("places", "votes")

    def __init__(self) -> None:
        self.places: list[int] = []
        self.votes: list[float] = []


class Chorus:
    """The votes for the checks of one circle at one instant."""

    __slots__ = ("_asked", "_circle", "_columns", "_exact", "_heard", "_key", "_said")

    def __init__(self, circle: Circle, key: int, columns: Columns) -> None:
        assert circle.group is not None
        self._circle, self._key, self._columns = circle, key, columns
        count = len(circle.group.nodes)
        self._asked = np.zeros(count + 1, dtype=np.bool_)
        self._asked[count] = True  # nobody's place
        self._exact = np.zeros(count + 1, dtype=np.bool_)
        self._said = np.full(count + 1, np.nan)
        self._heard: dict[int, int] = {}

    def hear(self, spoken: Mapping[int, Spoken]) -> None:
        """Take over who has spoken at this instant; who has spoken near it must be asked again."""
        for time_s, those in spoken.items():
            if abs(time_s - self._key) > self._circle.dt_max_s:
                continue
            heard, count = self._heard.get(time_s, 0), len(those.places)
            if heard == count:
                continue
            self._heard[time_s] = count
            places = np.array(those.places[heard:])
            if time_s == self._key:
                self._said[places] = self._scaled(np.array(those.votes[heard:], dtype=np.float64))
                self._exact[places] = self._asked[places] = True
            else:
                self._asked[places] = self._exact[places]

    def votes(self, rows: NDArray[Any], width: int | None) -> Numbers:
        """What the nearest neighbours of each row say, on the scale on which values are compared; NaN for nothing."""
        table, limits = self._circle.table, self._circle.limits
        assert limits is not None
        near = table.near[rows, :width]
        self._ask(near)
        votes: Numbers = self._said[near]
        if limits.gradient:
            votes += limits.gradient * (table.own_heights_m[rows][:, None] - table.heights_m[near])
            votes = scaled(votes, limits)
        return votes

    def has_more(self, rows: NDArray[Any], width: int) -> NDArray[np.bool_]:
        """Which rows have neighbours beyond the nearest so many."""
        near = self._circle.table.near
        if width >= near.shape[1]:
            return np.zeros(len(rows), dtype=np.bool_)
        more: NDArray[np.bool_] = near[rows, width] < len(self._said) - 1
        return more

    def _ask(self, near: NDArray[Any]) -> None:
        wanted = np.zeros_like(self._asked)
        wanted[near] = True
        places = np.flatnonzero(wanted & ~self._asked)
        if not len(places):
            return
        group, limits = self._circle.group, self._circle.limits
        assert group is not None
        assert limits is not None
        nodes, columns, key, within_s = group.nodes, self._columns, self._key, limits.dt_max_s
        votes = list[float]()
        for at in places.tolist():
            found = columns[nodes[at]].nearest(key, within_s)
            votes.append(nan if found is None else found.vote)
        self._said[places] = self._scaled(np.array(votes, dtype=np.float64))
        self._asked[places] = True

    def _scaled(self, votes: Numbers) -> Numbers:
        """Where heights count, a vote is another one for each whom it speaks to: it is scaled later."""
        limits = self._circle.limits
        assert limits is not None
        return votes if limits.gradient else scaled(votes, limits)


class Voices:
    """The choruses of all circles."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._kept: dict[Circle, dict[int, Chorus]] = {}
        self._spoken: dict[Group, dict[int, Spoken]] = {}

    def at(self, circle: Circle, key: int) -> Chorus:
        """What is said to a circle at an instant."""
        assert circle.group is not None
        kept = self._kept.setdefault(circle, {})
        if (chorus := kept.get(key)) is None:
            chorus = kept[key] = Chorus(circle, key, self._columns)
            if len(kept) > MOST_INSTANTS:
                del kept[min(kept)]
        chorus.hear(self._spoken.get(circle.group, {}))
        return chorus

    def came(self, group: Group, time_s: int, nodes: Iterable[Node], entries: Iterable[Entry]) -> None:
        """Series of a group have other values, or another standing, at an instant."""
        if (instants := self._spoken.get(group)) is None:
            instants = self._spoken[group] = {}
        if (spoken := instants.get(time_s)) is None:
            spoken = instants[time_s] = Spoken()
        spoken.places += [node.at for node in nodes]
        spoken.votes += [entry.vote for entry in entries]

    def kept(self, circle: Circle) -> list[int]:
        """The instants that are known of a circle."""
        return list(self._kept.get(circle, ()))

    def forget_before(self, time_s: float) -> None:
        """The columns hold nothing older any more."""
        for instants in self._spoken.values():
            for old in [instant for instant in instants if instant < time_s]:
                del instants[old]
        for circle, kept in self._kept.items():
            for key in [key for key in kept if key - circle.dt_max_s < time_s]:
                del kept[key]
