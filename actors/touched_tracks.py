"""Which touched track is judged next: of vehicles that drive now first, then of those that send, then of the others.

What a vehicle does is not stated while it waits, so those come first of whom something is to be stated; among them the
shortest stretch in doubt. Every fourth turn is that of whoever has waited longest, so that nobody waits for ever.
A track whose backlog still pours in is left alone: it would have to be judged again at once.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from actors.vehicle import PARKED_CADENCE_S, VehicleActor
from protocols.vocabulary import ActorState

ASKED_A_LOOK = 5_000
"""So many touched tracks are asked in a look whether they are due: of a great fleet they take turns."""
QUIET_S, LONGEST_WAIT_S = 1.0, 600.0
"""A touched track is judged when nothing late came for so long, or so long after it was touched or tried."""
TURNS = 4
"""One of so many turns goes by how long they have waited."""


class _Waiting:
    """A touched vehicle: since when it waits, until when it is let be, and what is known of its late messages."""

    __slots__ = ("late", "late_s", "not_before_s", "since_s")

    def __init__(self, since_s: float, not_before_s: float = 0.0) -> None:
        self.since_s = since_s
        self.not_before_s = not_before_s
        self.late = -1
        self.late_s = 0.0


class TouchedTracks:
    """The vehicles whose track is to be judged anew.

    Args:
        vehicle: gives the actor of a vehicle.
    """

    def __init__(self, vehicle: Callable[[int], VehicleActor]) -> None:
        self._vehicle = vehicle
        self._waiting: OrderedDict[int, _Waiting] = OrderedDict()
        self._turn = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def touch(self, vehicle_ids: Iterable[int], now_s: float) -> None:
        """These tracks may have to be judged anew."""
        for vehicle_id in vehicle_ids:
            if vehicle_id not in self._waiting:
                self._waiting[vehicle_id] = _Waiting(now_s)

    def settle(self, vehicle_id: int) -> None:
        """A track is judged."""
        self._waiting.pop(vehicle_id, None)

    def put_off(self, vehicle_id: int, now_s: float, for_s: float) -> None:
        """A track could not be judged, or not to its end."""
        self._waiting[vehicle_id] = _Waiting(now_s, now_s + for_s)

    def in_turn(self, now_s: float) -> Iterator[int]:
        """Give those that are due now, one after the other as they are to be judged."""
        due = [self._vehicle(vehicle_id) for vehicle_id in self._asked() if self._is_due(vehicle_id, now_s)]
        by_rank = sorted(due, key=lambda actor: _rank(actor, now_s))
        by_wait = sorted(due, key=lambda actor: self._waiting[actor.vehicle_id].since_s)
        given: set[int] = set()
        orders = [iter(by_rank)] * (TURNS - 1) + [iter(by_wait)]
        while len(given) < len(due):
            self._turn = (self._turn + 1) % TURNS
            vehicle_id = next(actor.vehicle_id for actor in orders[self._turn - 1] if actor.vehicle_id not in given)
            given.add(vehicle_id)
            yield vehicle_id

    def _asked(self) -> list[int]:
        asked = list(islice(self._waiting, ASKED_A_LOOK))
        if len(self._waiting) > len(asked):
            for vehicle_id in asked:
                self._waiting.move_to_end(vehicle_id)
        return asked

    def _is_due(self, vehicle_id: int, now_s: float) -> bool:
        one, actor = self._waiting[vehicle_id], self._vehicle(vehicle_id)
        if one.not_before_s > now_s or actor.state is not ActorState.RUNNING:
            return False
        late = actor.backlog + actor.out_of_order
        if late != one.late:
            one.late, one.late_s = late, actor.last_seen_ms / 1000
        return now_s - one.late_s >= QUIET_S or now_s - one.since_s >= LONGEST_WAIT_S


def _rank(actor: VehicleActor, now_s: float) -> tuple[int, int]:
    """Whether it drives, sends, or is silent; and the seconds of its track that are in doubt."""
    doubt_s, last = actor.last_time_s - actor.touched_s, actor.last
    if now_s - actor.last_seen_ms / 1000 > PARKED_CADENCE_S:
        return 2, doubt_s
    return int(last is None or last.speed_kmh <= 0.0), doubt_s
