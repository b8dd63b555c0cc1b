"""The nearest stations of one element, out of many: rough distances of all at once, exact ones of those that count.

Invariant: what is found, and its order, is that of the exact distances.
"""

from collections.abc import Mapping

import numpy as np

from actors.rules.spatial import Site, SpatialThresholds, find_neighbours

ROUGH_SHARE = 1.02
"""The sphere and the ellipsoid differ by half a percent."""
DEGREE_M = 111_195.0


class Places:
    """Where the stations of one element stand."""

    def __init__(self, sites: Mapping[str, Site]) -> None:
        self._sites = sites
        self._codes = list(sites)
        table = np.array([tuple(site) for site in sites.values()], dtype=np.float64).reshape(-1, 3)
        self._lat, self._lon, self._height_m = table[:, 0], table[:, 1], table[:, 2]

    def __contains__(self, code: object) -> bool:
        """Whether it is known where the station stands."""
        return code in self._sites

    def near(self, code: str, limits: SpatialThresholds, most: int) -> list[str]:
        """The nearest stations within the radius and the height, nearest first, so many at most."""
        site = self._sites[code]
        east = (self._lon - site.lon + 180.0) % 360.0 - 180.0
        east *= np.cos(np.radians((self._lat + site.lat) / 2))
        rough_m = np.hypot(self._lat - site.lat, east) * DEGREE_M
        rough_m[np.abs(site.height_m - self._height_m) > limits.dz_max_m] = np.inf
        reach_m = limits.radius_m * ROUGH_SHARE
        if most + 1 < len(rough_m):  # one of them is the station itself
            reach_m = min(reach_m, float(np.partition(rough_m, most)[most]) * ROUGH_SHARE)
        some = (self._codes[at] for at in np.flatnonzero(rough_m <= reach_m + 1.0).tolist())
        found = find_neighbours(site, {other: self._sites[other] for other in some if other != code}, limits)
        return [other for other, _, _ in found[:most]]
