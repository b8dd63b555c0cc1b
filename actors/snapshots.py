"""The snapshot clock: writes the state of every actor that received something, so that a restart reads little.

A pass writes in small units between other work; when it is through, the watermark says that no waypoint up to it
needs to be replayed. An actor that does not run keeps its older snapshot: its state is not to be trusted.
"""

from collections.abc import Callable, Iterable
from math import inf
from typing import Any

import structlog
import trio

from actors.kernel.actor import SourceActor
from actors.kernel.sealed import seal
from actors.station import StationActor
from actors.vehicle import VehicleActor
from protocols.vocabulary import ActorState
from storage.tracks import Track, Tracks
from storage.writer import Unit, Writer

log = structlog.get_logger()

PERIOD_S = 60.0
SAVED_PER_S = 8_000
"""Passes over a great fleet follow each other more slowly: so many states a second are written on average."""
SAVED_AT_ONCE_PER_S = 2 * SAVED_PER_S
"""Within a pass, at most: in one go, a million states would hold up confirms for seconds."""
SPREAD_S = PERIOD_S / 2
"""How long a pass may take that could be over sooner, by the count of the one before; what is left then goes at full
pace. 100,000 states at full pace take a fifth of a core for six seconds, which nobody who sends nearly as much as the
box takes should wait for. That they did wait is inferred from the moments of slow confirms, not observed."""
SLICE, LAST_SLICE, A_STATION = 2_000, 10_000, 20
"""Vehicles in a slice, and in one of the last pass, which holds nobody up; a station weighs as much as so many."""
PATIENCE_S = 5.0
"""A slice that a slow disk does not take in this time waits with the next one."""
WATERMARK = "snapshot.waypoints"
FLIPS_MARK = "snapshot.flips"
"""Up to this flip, the snapshots of vehicles that run know what was told of them."""
SAVE_STATION = (
    "INSERT INTO actors (id, seq, judged, state, stopped_by) VALUES (?, ?, ?, ?, '') "
    "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, state = excluded.state"
)
FOLLOW = (
    "INSERT INTO vehicle_states (id, seq, head, newest_s, seen) VALUES (?, 0, ?, ?, ?) "
    "ON CONFLICT (id) DO UPDATE SET head = excluded.head, newest_s = excluded.newest_s, seen = excluded.seen"
)
TRUSTED = (ActorState.RUNNING, ActorState.BEHIND)


class SnapshotClock:
    """The service `clock:snapshots`.

    Args:
        received: the newest waypoint row that every running vehicle has received; None while mail is still waiting.
        flipped: the newest flip that was told.
    """

    def __init__(
        self,
        writer: Writer,
        actors: Callable[[], Iterable[SourceActor]],
        tracks: Tracks,
        received: Callable[[], int | None],
        flipped: Callable[[], int],
    ) -> None:
        self._writer = writer
        self._actors = actors
        self._tracks = tracks
        self._received = received
        self._flipped = flipped
        self.passes = 0
        self.saved = 0

    async def run(self, ready: Callable[[], None]) -> None:
        """Make a pass each minute, or as often as the fleet allows; a last one is made by the drain."""
        ready()
        rest_s, saved = PERIOD_S, inf
        while True:
            await trio.sleep(rest_s)
            begun_s = trio.current_time()
            saved = await self.save_all(SLICE, pace(saved))
            took_s = trio.current_time() - begun_s
            rest_s = max(0.0, max(PERIOD_S, saved / SAVED_PER_S) - took_s)

    async def save_all(self, together: int = LAST_SLICE, per_s: float = inf) -> int:
        """Write every changed state, then the watermark; returns how many states that were.

        Args:
            together: so many states in a slice; the next one is made while the disk takes it.
            per_s: so many states a second, while the pass has not taken long.
        """
        while (watermark := self._received()) is None:
            await trio.sleep(0.01)
        flipped, next_s, slow_until_s = self._flipped(), 0.0, 0.0
        unit, count, weight = Unit(), 0, 0
        under_way: list[int] = []
        for actor in self._actors():
            if actor.seq == actor.saved_seq and actor.state in TRUSTED:
                continue
            self._save(unit, actor)
            count += 1
            weight += A_STATION if isinstance(actor, StationActor) else 1
            if weight >= together:
                await self._taken(under_way)
                under_way.append(weight)
                unit.stored = under_way.clear
                self._writer.add(unit)
                now_s = trio.current_time()
                slow_until_s = slow_until_s or now_s + SPREAD_S
                if now_s >= slow_until_s:
                    per_s = max(per_s, SAVED_AT_ONCE_PER_S)
                next_s = max(next_s, now_s) + weight / per_s
                await trio.sleep_until(next_s)
                unit, weight = Unit(), 0
        unit.mark(WATERMARK, watermark)
        unit.mark(FLIPS_MARK, flipped)
        self._writer.add(unit)
        self.passes += 1
        self.saved += count
        return count

    async def _taken(self, under_way: list[int]) -> None:
        """Wait until the slice before is stored: two days of all stations never stand in memory three times."""
        with trio.move_on_after(PATIENCE_S):
            while under_way:
                await trio.sleep(0.005)

    def _save(self, unit: Unit, actor: SourceActor) -> None:
        trusted = actor.state in TRUSTED
        if isinstance(actor, StationActor):
            if trusted:
                unit.updates.append((SAVE_STATION, (actor.id, actor.seq, actor.seq, seal(actor.snapshot()))))
                actor.saved_seq = actor.seq
        elif isinstance(actor, VehicleActor):
            track = self._tracks.by_id[actor.vehicle_id]
            if trusted:
                unit.add("vehicle_states", vehicle_row(actor, track))
                actor.saved_seq = actor.seq
            else:
                unit.updates.append((FOLLOW, (track.vehicle_id, track.head, track.newest_s, track.window())))

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {"passes": self.passes, "saved": self.saved}


def pace(saved: float) -> float:
    """How many states a second are written after a pass that wrote so many."""
    return min(SAVED_AT_ONCE_PER_S, max(SLICE, saved / SPREAD_S))


def vehicle_row(actor: VehicleActor, track: Track) -> tuple[Any, ...]:
    """A row of vehicle_states."""
    return (track.vehicle_id, actor.seq, track.head, track.newest_s, track.window(), seal(actor.snapshot()))
