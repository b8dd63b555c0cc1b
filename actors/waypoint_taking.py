"""An offer of waypoints, and what is made of it on the way into its transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actors.messages import WaypointStored
from actors.provider_counts import ProviderCounts
from protocols.amqp.boundary import ProviderGrant
from protocols.waypoint import Waypoint
from storage.tracks import Track
from storage.waypoints import StoredWaypoint
from storage.writer import Unit

new: Callable[[type[Any], tuple[Any, ...]], Any] = tuple.__new__
"""Makes a named tuple at a third of the cost of calling its class."""


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
        "counts",
        "left",
        "mail",
        "nameless",
        "offer",
        "provider_id",
        "received_ms",
        "received_s",
        "rows",
        "unit",
        "whose",
    )

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.received_ms, self.provider_id = offer.received_ms, offer.grant.provider_id
        self.received_s = offer.received_ms // 1000
        self.unit = Unit()
        self.rows: list[StoredWaypoint] = []
        self.mail: list[WaypointStored] = []
        self.counts = ProviderCounts(self.provider_id, self.received_ms)
        self.left: list[bytes] = []
        self.nameless, self.whose = 0, ""

    def keep(self, seq: int, track: Track, time_s: int, body: bytes, waypoint: Waypoint) -> None:
        """Put a waypoint behind its vehicle's newest."""
        received_ms = self.received_ms
        row = (seq, track.head, track.vehicle_id, time_s, received_ms, self.provider_id, body)
        self.rows.append(new(StoredWaypoint, row))
        self.mail.append(new(WaypointStored, (seq, received_ms, waypoint)))
        track.head = seq
        if not waypoint.driver:
            self.nameless += 1
            self.whose = self.whose or waypoint.vehicle
