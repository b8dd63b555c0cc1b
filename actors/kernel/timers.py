"""The deadline heap: every source actor may have one deadline; when it is due it arrives as a message.

Moving a deadline later costs nothing: the heap keeps the earlier entry and looks again when that comes up, so a vehicle
that reports every 10 seconds touches the heap once per quarter of an hour.
"""

import heapq
from collections.abc import Callable, Sequence

import trio

from actors.kernel.actor import NEVER_S, SourceActor
from actors.kernel.clock import Now

LONGEST_SLEEP_S = 5.0
"""The clock may be set while we sleep: look again at least this often."""
AHEAD_S = 2 * LONGEST_SLEEP_S
"""Whoever may be due until then is asked for."""
PAUSE_S = 0.1
"""While more of them come: all that fell silent while the box was away must not hold up who speaks now."""


class Timers:
    """Deadlines of source actors; `fire(actor, deadline_s)` is called when one is due."""

    def __init__(
        self, now: Now, fire: Callable[[SourceActor, float], None], longest_sleep_s: float = LONGEST_SLEEP_S
    ) -> None:
        self._longest_sleep_s = longest_sleep_s
        self._now = now
        self._fire = fire
        self._heap: list[tuple[float, int, SourceActor]] = []
        self._serial = 0
        self._sooner = trio.Event()
        self.coming: Callable[[float], Sequence[SourceActor]] = lambda until_s: ()
        """Gives some of those whose deadline may come until then and that were not armed yet; empty for nobody."""

    def arm(self, actor: SourceActor) -> None:
        """Take over the actor's `deadline_s`."""
        if actor.deadline_s < actor.armed_s:
            self._push(actor.deadline_s, actor)

    def _push(self, deadline_s: float, actor: SourceActor) -> None:
        actor.armed_s = deadline_s
        self._serial += 1
        heapq.heappush(self._heap, (deadline_s, self._serial, actor))
        if self._heap[0][1] == self._serial:
            self._sooner.set()

    def due(self, now_s: float) -> int:
        """Fire what is due; returns how many fired."""
        fired = 0
        while self._heap and self._heap[0][0] <= now_s:
            armed_s, _, actor = heapq.heappop(self._heap)
            if actor.armed_s != armed_s:
                continue
            actor.armed_s = NEVER_S
            if actor.deadline_s > now_s:
                self.arm(actor)
                continue
            deadline_s, actor.deadline_s = actor.deadline_s, NEVER_S
            self._fire(actor, deadline_s)
            fired += 1
        return fired

    async def run(self) -> None:
        """Sleep until the nearest deadline, for ever."""
        while True:
            more = self.coming(self._now() + AHEAD_S)
            for actor in more:
                self.arm(actor)
            self.due(self._now())
            if more:
                await trio.sleep(PAUSE_S)
                continue
            self._sooner = trio.Event()
            wait_s = max(0.0, self._heap[0][0] - self._now()) if self._heap else self._longest_sleep_s
            with trio.move_on_after(min(wait_s, self._longest_sleep_s)):
                await self._sooner.wait()
