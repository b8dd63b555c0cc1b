"""The actor of one vehicle: freshness, order, last position, and all its rules. There may be a million of them.

Messages: WaypointStored, DeadlinePassed. Effects: Flipped, ViolationFound, DroveStretch, TrackTouched.
Invariant: from the first message that comes late until the track is judged anew (`actors/rejudging.py`), nothing is
stated: what would be said of a track with a hole could be false. `touched_s` says so, and survives a restart.
Source: TT 09/2015/TT-BGTVT (on silence: 15 minutes parked, alarm at 30 minutes; on speed: Phụ lục 2).
"""

from collections.abc import Sequence
from math import inf
from typing import Any, Final, NamedTuple, cast

import orjson
from typing_extensions import override

from actors.kernel.actor import NEVER_S, SourceActor
from actors.kernel.sealed import SEAL, BrokenSeal, unseal
from actors.messages import DeadlinePassed, Effect, Flipped, TrackTouched, ViolationFound, WaypointStored
from actors.rules.freshness import standing
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_rules import VehicleRules, waypoint_again
from actors.speed_limits import SpeedLimits
from actors.vehicle_findings import effect_of
from protocols.vocabulary import Freshness, ViolationKind
from protocols.waypoint import Waypoint

PARKED_CADENCE_S: Final = 900.0
"""A parked vehicle may be silent for 15 minutes."""
SILENCE_GRACE_S: Final = 900.0
"""30 minutes without data are an alarm."""
FUTURE_S: Final = 300
"""A waypoint this much ahead of its receipt (a clock 7 hours off) is kept, but orders and judges nothing."""
RESEND_S: Final = 120
"""A waypoint more than this older than its receipt, in whole seconds as its time is, is a resend and no disorder."""
OLDEST_S: Final = 1_262_304_000
"""2010-01-01: an older time is none, and judges nothing."""
BACKLOG_S: Final = 8 * 86_400
"""A backlog this much older than the newest waypoint is kept and counted; what was stated of its days stands."""


SHAPE = 1
"""Version of a snapshot's shape; it stands first, so that another version's is known without reading it."""
_HEAD = b"[%d," % SHAPE
_STATE = (
    "freshness", "last", "last_seen_ms", "last_time_s", "received", "ahead", "out_of_order", "backlog", "rules",
)  # fmt: skip
"""What a vehicle that sleeps does not hold yet."""

_FRESH: Final = Freshness.FRESH
"""Looked up once: Python 3.11 takes a third of a microsecond to find the member of an enum."""
_TOLD = {f'"{told}"'.encode(): told for told in Freshness}


Head = tuple[int, int, int, Freshness]
"""What stands first in a snapshot, and is all that is asked of a vehicle that sleeps: the last sign of life in
milliseconds, `touched_s`, `summed_seq`, and how the vehicle was told to stand."""


def head_of(sealed: bytes) -> Head | None:
    """Read the head of a sealed snapshot; None where it is damaged, or another version's."""
    try:
        state = unseal(sealed)
    except BrokenSeal:
        return None
    if not state.startswith(_HEAD):
        return None
    _, seen_ms, touched_s, summed_seq, told, _ = state.split(b",", 5)
    return int(seen_ms), int(touched_s), int(summed_seq), _TOLD[told]


def deadline_of(head: Head) -> float:
    """When time alone changes how a vehicle stands; never where only a sign of life does."""
    seen_ms, _, _, told = head
    if not seen_ms or told is Freshness.SILENT:
        return NEVER_S
    return seen_ms / 1000 + (PARKED_CADENCE_S + SILENCE_GRACE_S if told is Freshness.LATE else PARKED_CADENCE_S)


class Glimpse(NamedTuple):
    """What a map shows of a vehicle; `running`: a case may be going on."""

    last: Waypoint | None
    freshness: Freshness
    running: bool


def glimpse_of(sealed: bytes) -> Glimpse:
    """Look at a sealed snapshot of this shape."""
    _, _, _, _, told, last, *_, rules = orjson.loads(sealed[SEAL.size :])
    return Glimpse(None if last is None else waypoint_again(last), Freshness(told), VehicleRules.is_running(rules))


class VehicleActor(SourceActor):
    """One vehicle. Counters: received, ahead (of its receipt), out_of_order, backlog.

    It sleeps until somebody asks for its state: then `packed`, its snapshot, is read (empty = from the beginning). A
    million that sleep are loaded in seconds, and most vehicles are not on the road. What each message asks for stands
    first and close together: it comes from memory that nobody has read for long.
    """

    __slots__ = (
        "_limit_kmh",
        "ahead",
        "backlog",
        "book",
        "freshness",
        "last",
        "last_seen_ms",
        "last_time_s",
        "out_of_order",
        "packed",
        "plate",
        "received",
        "roads",
        "rules",
        "summed_seq",
        "touched_s",
        "vehicle_class",
        "vehicle_id",
    )

    def __init__(
        self,
        vehicle_id: int,
        plate: str,
        limit_kmh: float | None,
        book: LimitBook,
        roads: SpeedLimits | None = None,
        vehicle_class: str = "",
    ) -> None:
        super().__init__(f"vehicle:{plate}")
        self.packed: bytes | None = b""
        self.touched_s = 0
        self._limit_kmh = inf if limit_kmh is None else limit_kmh
        self.roads = roads
        self.vehicle_class = vehicle_class
        self.plate = plate
        self.vehicle_id = vehicle_id
        self.told = Freshness.NEVER_SEEN
        self.book = book
        self.summed_seq = 0

    def __getattr__(self, name: str) -> Any:
        """Wake up for whoever looks at a slot that is empty; a compiled class's own methods would not come here."""
        if name not in _STATE or self.packed is None:
            raise AttributeError(name)
        self.wake()
        return getattr(self, name)

    def wake(self) -> None:
        """Read the state, if it sleeps."""
        if self.packed is not None:
            self.restore(self.packed or None)
            self.freshness = self.told

    def glimpse(self) -> Glimpse:
        """Look at it as a map does."""
        self.wake()
        return Glimpse(self.last, self.freshness, running=True)

    def sleep(self, seq: int, sealed: bytes) -> bool:
        """Go on from a sealed snapshot once the state is asked for; False where it must be looked at: `resume`."""
        head = head_of(sealed)
        if head is None:
            return False
        self.packed, self.deadline_s = sealed[SEAL.size :], deadline_of(head)
        _, self.touched_s, self.summed_seq, _ = head
        self.seq = self.saved_seq = seq
        return True

    def _forget(self) -> None:
        self.packed = None
        self.rules = VehicleRules(self.book)
        self.touched_s = self.summed_seq = 0
        self.freshness = Freshness.NEVER_SEEN
        self.received = 0
        self.last_seen_ms = 0
        self.last_time_s = 0
        self.last: Waypoint | None = None
        self.ahead = 0
        self.out_of_order = 0
        self.backlog = 0
        self.deadline_s = NEVER_S

    @override
    def receive(self, message: WaypointStored | DeadlinePassed) -> Sequence[Effect]:
        """Judge one waypoint, or look at the clock."""
        if type(message) is DeadlinePassed:
            return self._look(message.now_s)
        assert type(message) is WaypointStored
        return self.receive_item(message.seq, message.received_ms, message.waypoint)

    @override
    def message_of(self, seq: int, at_ms: int, item: Any) -> WaypointStored:
        return WaypointStored(seq, at_ms, item)

    @override
    def receive_item(self, seq: int, at_ms: int, item: Any) -> Sequence[Effect]:
        """Judge one waypoint."""
        if self.packed is not None:
            self.wake()
        received_ms, waypoint = at_ms, cast(Waypoint, item)
        self.received += 1
        if received_ms > self.last_seen_ms:
            self.last_seen_ms = received_ms
            self.deadline_s = received_ms / 1000 + PARKED_CADENCE_S
        found = self._judge(waypoint, received_ms)
        if self.freshness is _FRESH:
            return found
        return (*self._flip(_FRESH, received_ms / 1000, "waypoint received"), *found)

    def _judge(self, waypoint: Waypoint, received_ms: int) -> tuple[Effect, ...]:
        time_s = waypoint.time_s
        if time_s > received_ms / 1000 + FUTURE_S:
            self.ahead += 1
            return ()
        if time_s <= self.last_time_s or time_s < OLDEST_S:
            return self._late(time_s, received_ms)
        self.last_time_s = time_s
        self.last = waypoint
        if self.touched_s:
            return ()
        found = self.rules.push(waypoint, self.limits_at(waypoint), self.plate)
        return tuple([effect_of(self.vehicle_id, one) for one in found]) if found else ()

    def _late(self, time_s: int, received_ms: int) -> tuple[Effect, ...]:
        if time_s == self.last_time_s:
            return ()  # the first of an instant wins
        effects: tuple[Effect, ...] = ()
        if received_ms // 1000 - time_s > RESEND_S:
            self.backlog += 1
        else:
            self.out_of_order += 1
            detail: dict[str, object] = {"received_ms": received_ms, "newest_s": self.last_time_s}
            effects = (ViolationFound(self.vehicle_id, ViolationKind.ORDER, time_s, time_s, True, detail),)
        if time_s < max(self.last_time_s - BACKLOG_S, OLDEST_S):
            return effects
        if not self.touched_s:
            self.touched_s = time_s
            return (*effects, TrackTouched(self.vehicle_id))
        self.touched_s = min(self.touched_s, time_s)
        return effects

    def take_over(self, rules: VehicleRules) -> None:
        """The track was judged anew up to the newest waypoint received: go on from there."""
        self.rules, self.touched_s, self.saved_seq = rules, 0, -1

    @property
    def limit_kmh(self) -> float | None:
        """The limit that is registered of it; None where there is none."""
        return self._limit_kmh if self._limit_kmh < inf else None

    @limit_kmh.setter
    def limit_kmh(self, limit_kmh: float | None) -> None:
        self._limit_kmh = inf if limit_kmh is None else limit_kmh

    def limits_at(self, waypoint: Waypoint) -> float | None:
        """The limit that holds for a message."""
        roads, own_kmh = self.roads, self.limit_kmh
        return own_kmh if roads is None else roads.limit_at(waypoint, own_kmh, self.vehicle_class)

    def _look(self, now_s: float) -> Sequence[Effect]:
        self.wake()
        last_s = self.last_seen_ms / 1000 if self.last_seen_ms else None
        now = standing(last_s, PARKED_CADENCE_S, SILENCE_GRACE_S, now_s)
        self.deadline_s = NEVER_S if now.next_deadline_s is None else now.next_deadline_s
        if now.freshness is self.freshness or last_s is None:
            return ()
        at_s = last_s + PARKED_CADENCE_S + (SILENCE_GRACE_S if now.freshness is Freshness.SILENT else 0.0)
        flipped = self._flip(now.freshness, at_s, "no waypoint")
        self.saved_seq = -1  # no journal brings a deadline back
        untold = None if self.touched_s else self.rules.tell_stretch()
        return flipped if untold is None else (*flipped, effect_of(self.vehicle_id, untold))

    def _flip(self, now: Freshness, at_s: float, reason: str) -> tuple[Flipped]:
        was, self.freshness = self.freshness, now
        return (Flipped(self.id, was, now, at_s, reason),)

    @override
    def catch_up(self) -> None:
        """Deadlines stand in no journal: what they brought is known from what was told."""
        if self.packed is None:
            self.freshness = self.told

    @override
    def snapshot(self) -> bytes:
        """Give the state as JSON."""
        if self.packed:
            return self.packed
        self.wake()
        return orjson.dumps(
            (
                SHAPE,
                self.last_seen_ms,
                self.touched_s,
                self.summed_seq,
                self.freshness,
                None if self.last is None else self.last.values(),
                self.last_time_s,
                self.received,
                self.ahead,
                self.out_of_order,
                self.backlog,
                self.rules.state(),
            )
        )

    @override
    def restore(self, state: bytes | None) -> None:
        """Go back to a snapshot, or to the beginning."""
        if state is None:
            self._forget()
            return
        _, seen_ms, self.touched_s, self.summed_seq, fresh, last, time_s, *counted, rules = orjson.loads(state)
        self.packed = None
        self.freshness = Freshness(fresh)
        self.last = None if last is None else waypoint_again(last)
        self.last_seen_ms, self.last_time_s = seen_ms, time_s
        self.received, self.ahead, self.out_of_order, self.backlog = counted
        self.rules = VehicleRules.from_state(rules, self.book)
        self.deadline_s = seen_ms / 1000 + PARKED_CADENCE_S if seen_ms else NEVER_S
