"""One road network of the province, coarse but connected, and a traveller on it.

Towns stand near their places; roads between them are straight. At each town a traveller takes any road but the one it
came by, unless that is the only one.
"""

from dataclasses import dataclass
from math import atan2, cos, degrees, radians
from random import Random
from typing import NamedTuple

from actors.rules.distance import distance_m


class Town(NamedTuple):
    """A place where roads meet."""

    sign: str
    name: str
    lat: float
    lon: float


TOWNS = (
    Town("HYEN", "Phố Hiến", 20.655, 106.055),
    Town("PNOI", "Phố Nối", 20.945, 106.060),
    Town("TBIN", "Thái Bình", 20.450, 106.340),
    Town("YMYY", "Yên Mỹ", 20.885, 106.035),
    Town("VGIA", "Văn Giang", 20.930, 105.930),
    Town("KCHA", "Khoái Châu", 20.835, 105.970),
    Town("KDON", "Kim Động", 20.740, 106.050),
    Town("ATHI", "Ân Thi", 20.810, 106.100),
    Town("PCUU", "Phù Cừ", 20.735, 106.180),
    Town("HHAA", "Hưng Hà", 20.590, 106.220),
    Town("DHUN", "Đông Hưng", 20.555, 106.350),
    Town("QPHU", "Quỳnh Phụ", 20.660, 106.330),
    Town("DDIE", "Diêm Điền", 20.560, 106.565),
    Town("THAI", "Tiền Hải", 20.405, 106.500),
    Town("KXUO", "Kiến Xương", 20.390, 106.430),
    Town("VTHU", "Vũ Thư", 20.435, 106.280),
)
_ROADS = (
    "HYEN-KDON HYEN-PCUU HYEN-HHAA KDON-KCHA KDON-ATHI KCHA-VGIA VGIA-PNOI PNOI-YMYY YMYY-KCHA YMYY-ATHI ATHI-PCUU "
    "PCUU-QPHU HHAA-DHUN HHAA-VTHU QPHU-DHUN DHUN-TBIN DHUN-DDIE TBIN-VTHU TBIN-KXUO KXUO-THAI THAI-DDIE"
)


class Place(NamedTuple):
    """Where a traveller is, and where it looks."""

    lat: float
    lon: float
    heading_deg: float


@dataclass(frozen=True, slots=True)
class RoadNetwork:
    """The towns and, for each, its neighbours."""

    towns: tuple[Town, ...]
    neighbours: dict[int, tuple[int, ...]]


def province_roads() -> RoadNetwork:
    """Lay the roads."""
    number = {town.sign: index for index, town in enumerate(TOWNS)}
    neighbours: dict[int, tuple[int, ...]] = dict.fromkeys(range(len(TOWNS)), ())
    for road in _ROADS.split():
        one, other = (number[sign] for sign in road.split("-"))
        neighbours[one] += (other,)
        neighbours[other] += (one,)
    return RoadNetwork(TOWNS, neighbours)


class Traveller:
    """Somebody on the way from one town to a neighbouring one, and on and on."""

    __slots__ = ("_from", "_heading_deg", "_length_m", "_random", "_roads", "_to", "_way_m")

    def __init__(self, roads: RoadNetwork, random: Random) -> None:
        self._roads = roads
        self._random = random
        self._from = random.randrange(len(roads.towns))
        self._to = random.choice(roads.neighbours[self._from])
        self._set_out()
        self._way_m = random.random() * self._length_m

    def go(self, way_m: float) -> Place:
        """Go some way along the roads."""
        self._way_m += way_m
        while self._way_m > self._length_m:
            self._way_m -= self._length_m
            onward = [town for town in self._roads.neighbours[self._to] if town != self._from]
            self._from, self._to = self._to, self._random.choice(onward or [self._from])
            self._set_out()
        share = self._way_m / self._length_m
        start, end = self._roads.towns[self._from], self._roads.towns[self._to]
        return Place(
            start.lat + share * (end.lat - start.lat), start.lon + share * (end.lon - start.lon), self._heading_deg
        )

    def _set_out(self) -> None:
        start, end = self._roads.towns[self._from], self._roads.towns[self._to]
        self._length_m = distance_m(start.lat, start.lon, end.lat, end.lon)
        east = (end.lon - start.lon) * cos(radians(start.lat))
        self._heading_deg = degrees(atan2(east, end.lat - start.lat)) % 360
