"""What happens once something is durable: counters, mail for actors, rows for forwarders, news for people.

Invariant: nothing here runs before the commit, and nothing here waits.
"""

from collections.abc import Callable, Sequence

import structlog

from actors.averaging import AveragingClock
from actors.catching_up import CatchingUp
from actors.counters import Counters
from actors.events import Events
from actors.kernel.actor import SourceActor
from actors.kernel.clock import Now
from actors.kernel.dispatcher import Dispatcher
from actors.kernel.services import Service
from actors.messages import DeadlinePassed, Effect, FileStored, Flipped, HourTouched
from actors.panel import Panel
from actors.world import World
from protocols.vocabulary import ActorState
from protocols.waypoint import Waypoint
from server.forwarders import Forwarders
from storage.waypoint_rows import WaypointRows
from storage.writer import Unit

log = structlog.get_logger()


class AfterCommit:
    """The crossroads behind the writer. `join` names the parts that are made after it."""

    def __init__(self, now: Now, counters: Counters, events: Events) -> None:
        self._now = now
        self._counters = counters
        self._events = events
        self.posted_seq = 0
        self._mark: tuple[int, tuple[int, int]] | None = None
        self.relieved: Callable[[], None] = lambda: None
        self.exceeding: Callable[[], None] = lambda: None
        self.signs: Callable[[Sequence[Effect]], None] = lambda effects: None

    def join(
        self,
        world: World,
        dispatcher: Dispatcher,
        averaging: AveragingClock,
        panel: Panel,
        forwarders: Forwarders,
        behind: CatchingUp,
    ) -> None:
        """Close the circle of the wiring."""
        self._world = world
        self._dispatcher = dispatcher
        self._averaging = averaging
        self._panel = panel
        self._forwarders = forwarders
        self._behind = behind

    def stored(self, units: list[Unit]) -> None:
        """A transaction is durable."""
        self._counters.stored(units)
        if any("exceedance_work" in unit.rows for unit in units):
            self.exceeding()
        self.relieved()

    def file_stored(self, code: str, message: FileStored) -> None:
        """A station file stands in the journal."""
        actor = self._world.stations[code]
        self._dispatcher.post(actor, message)
        self._dispatcher.wake()
        self._panel.changed(actor)

    def waypoints_stored(self, rows: WaypointRows, waypoints: list[Waypoint]) -> None:
        """Waypoints that came together stand in the journal."""
        if not rows:
            return
        self.posted_seq = rows.ids[-1]
        if not self._behind.hold(rows, waypoints):
            self.post(rows, waypoints)
        self._forwarders.hand_on(rows)
        if self._events.heard:
            self._panel.changed(self._world.vehicles.actor(rows.vehicle_ids[-1]))
        else:
            self._events.unheard()

    def post(self, rows: WaypointRows, waypoints: list[Waypoint]) -> None:
        """Let vehicles receive what is stored."""
        readers: list[SourceActor] = list(map(self._world.vehicles.actor, rows.vehicle_ids))
        self._dispatcher.post_batch(readers, rows.ids, rows.received_ms(), waypoints)

    def received(self) -> int | None:
        """The newest waypoint row that every running vehicle has received; None while mail is still waiting."""
        if not self._behind.over:
            return self._behind.cursor if self._dispatcher.idle else None
        if self._dispatcher.idle:
            self._mark = None
            return self.posted_seq
        if self._mark is None:
            self._mark = self.posted_seq, self._dispatcher.mark()
            return None
        seq, mark = self._mark
        if not self._dispatcher.passed(mark):
            return None
        self._mark = None
        return seq

    def judged(self) -> int | None:
        """The newest waypoint row whose effects are stored, those of the process before included; or None."""
        received = self.received()
        return None if received is None else max(received, self._behind.judged)

    def told(self, effects: Sequence[Effect]) -> None:
        """What actors decided is stored."""
        self.signs(effects)
        touched = False
        for effect in effects:
            if isinstance(effect, Flipped):
                self._panel.flipped(effect)
            touched = touched or isinstance(effect, HourTouched)
        if touched:
            self._averaging.touched()

    def deadline_passed(self, actor: SourceActor, deadline_s: float) -> None:
        """An actor's deadline is due."""
        if self._behind.put_off(actor):
            return
        self._dispatcher.post(actor, DeadlinePassed(0, deadline_s, self._now()))
        self._dispatcher.wake()

    def look(self, actor: SourceActor) -> None:
        """An actor is expected at other instants from now on: it looks at the clock."""
        self.deadline_passed(actor, self._now())

    def actor_moved(self, actor_id: str, state: ActorState) -> None:
        """An actor changed its state."""
        self._panel.actor_moved(actor_id, state)

    def service_moved(self, service: Service) -> None:
        """A service changed its state."""
        log.info("service_moved", service=service.spec.id, now=str(service.state))
        self._panel.actor_moved(service.spec.id, service.state)
