"""An offer of waypoints, and what is made of it on the way into its transaction."""

from collections.abc import Callable
from dataclasses import dataclass

from actors.provider_counts import ProviderCounts
from protocols.amqp.boundary import ProviderGrant
from protocols.waypoint import Waypoint
from storage.tracks import Track
from storage.waypoint_rows import Receipt, WaypointRows
from storage.writer import Unit


@dataclass(slots=True)
class Offer:
    """What one read of a socket brought."""

    grant: ProviderGrant
    bodies: list[bytes]
    stored: Callable[[], None]
    received_ms: int


class Taking:
    """What is made of an offer: its part of a transaction, rows and mail in their order, and what was counted."""

    __slots__ = (
        "bodies",
        "counts",
        "ids",
        "left",
        "nameless",
        "offer",
        "prevs",
        "provider_id",
        "received_ms",
        "received_s",
        "times_s",
        "unit",
        "vehicle_ids",
        "waypoints",
        "whose",
    )

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.received_ms, self.provider_id = offer.received_ms, offer.grant.provider_id
        self.received_s = offer.received_ms // 1000
        self.unit = Unit()
        self.ids = list[int]()
        self.prevs = list[int]()
        self.vehicle_ids = list[int]()
        self.times_s = list[int]()
        self.bodies = list[bytes]()
        self.waypoints: list[Waypoint] = []
        self.counts = ProviderCounts(self.provider_id, self.received_ms)
        self.left: list[bytes] = []
        self.nameless, self.whose = 0, ""

    def keep(self, seq: int, track: Track, time_s: int, body: bytes, waypoint: Waypoint) -> None:
        """Put a waypoint behind its vehicle's newest."""
        self.ids.append(seq)
        self.prevs.append(track.head)
        self.vehicle_ids.append(track.vehicle_id)
        self.times_s.append(time_s)
        self.bodies.append(body)
        self.waypoints.append(waypoint)
        track.head = seq
        if not waypoint.driver:
            self.nameless += 1
            self.whose = self.whose or waypoint.vehicle

    def rows(self) -> WaypointRows:
        """All that was kept."""
        receipts = [Receipt(self.received_ms, self.provider_id, len(self.ids))]
        return WaypointRows(self.ids, self.prevs, self.vehicle_ids, self.times_s, self.bodies, receipts)
