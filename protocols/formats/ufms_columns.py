"""Waypoints of one layout, read together as columns: the interpreter takes no step for each of them.

Bodies of one size stand in a row as a table of octets. One comparison tells which are laid out alike, and each field is
a column of numbers. The two texts are not decoded: the octets that hold them are handed out as they are, and whoever
has met them before knows what they say.

Invariant: where the texts behind its identity are known, a row holds what `WaypointReader.read` gives for its body.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Octets = NDArray[np.uint8]
Numbers = NDArray[Any]
Usual = Callable[[Numbers, Numbers, Numbers, Numbers], NDArray[np.bool_]]
"""Tells of (speed_kmh, time_s, x_lon, y_lat) which rows the caller wants; what is not finite is none of them."""

Sighting = tuple[bytes, float, int, float, float, float | None, bool | None, bool | None, bool | None]
"""Identity, and a `Waypoint` from its speed on. Who has the same identity has the same vehicle and driver."""

SEVEN_BITS = np.uint8(0x7F)
PLACE_VALUES = 128 ** np.arange(5, dtype=np.int64)
"""Of the octets of a time."""


class Place(NamedTuple):
    """Where a value stands, and how numpy takes it."""

    at: int
    kind: str


class Columns:
    """How the bodies of one layout are read together.

    Args:
        identity: the place of both texts with what tells their lengths.
        values: places of speed, x, y, heading, ignition, door, aircon; None where the layout lacks one.
    """

    def __init__(
        self, size: int, mask: bytes, pattern: bytes, identity: slice, time_at: int, values: Sequence[Place | None]
    ) -> None:
        self._size = size
        self._mask = np.frombuffer(mask, np.uint8)
        self._pattern = np.frombuffer(pattern, np.uint8)
        self._time = slice(time_at, time_at + len(PLACE_VALUES))
        places = [Place(identity.start, f"V{identity.stop - identity.start}"), *values]
        names = [str(number) if place is not None else "" for number, place in enumerate(places)]
        given = [place for place in places if place is not None]
        self._names = names
        self._table = np.dtype(
            {
                "names": [name for name in names if name],
                "formats": [place.kind for place in given],
                "offsets": [place.at for place in given],
                "itemsize": size,
            }
        )

    def read(self, bodies: Sequence[bytes], usual: Usual) -> Iterable[Sighting | None]:
        """Read bodies of this layout's size; a list has None for those that must be read by themselves, others none."""
        octets: Octets = np.frombuffer(b"".join(bodies), np.uint8).reshape(len(bodies), self._size)
        table = octets.view(self._table).ravel()
        column: list[Numbers | None] = [table[name] if name else None for name in self._names]
        identity, speed, x, y, heading, *flags = column
        assert identity is not None and speed is not None and x is not None and y is not None
        time = (octets[:, self._time] & SEVEN_BITS).astype(np.int64) @ PLACE_VALUES
        with np.errstate(all="ignore"):
            good = usual(speed, time, x, y)
            good &= ~((octets ^ self._pattern) & self._mask).any(axis=1)
            if heading is not None:
                good &= np.isfinite(heading)
        rows = zip(*map(_listed, (identity, speed, time, x, y, heading, *flags)), strict=False)
        if good.all():
            return rows
        return [row if is_good else None for row, is_good in zip(rows, good.tolist(), strict=True)]


def _listed(column: Numbers | None) -> Iterable[Any]:
    return repeat(None) if column is None else column.tolist()
