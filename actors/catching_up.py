"""Lets all vehicles read on after a kill: what the journal holds after the snapshots, while the box serves already.

Intakes need heads and windows only (`storage/missed.py`); judging may come later. Until the reader has come to the
newest row, no vehicle gets mail: all of them receive from the journal, in its order, so that one mark says how far all
are judged. Whoever has a mark of its own reads on by itself, as one that fell behind.

Invariant: effects count only for rows after that mark, and are stored together with where it stands then.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

import structlog
import trio

from actors.board import Concern
from actors.fleet import PREFIX
from actors.kernel.actor import SourceActor
from actors.kernel.clock import monotonic
from actors.kernel.crossing import Host
from actors.kernel.dispatcher import Commit, Dispatcher
from actors.kernel.supervisor import Supervisor
from actors.vehicle import VehicleActor
from actors.world import World
from protocols.formats.ufms_layout import WaypointReader
from protocols.vocabulary import ActorState
from protocols.waypoint import Waypoint
from storage.breaths import in_breaths
from storage.waypoint_rows import StoredWaypoint, WaypointRows
from storage.waypoints import WaypointJournal
from storage.writer import RETRY_S, StoreError

log = structlog.get_logger()

TOGETHER, SLICE = 4_000, 400
"""Rows read together, and received in some milliseconds, after which intakes and forwarders have their turn."""
NEAR = 20_000
"""So near the newest row, what comes is kept in memory too: else a reader would follow the writer for ever."""
AT_START_S, AT_START = 1.0, 100_000
"""For so long a start reads on before it serves, where so little is left that it may come to the end by then."""
LOOKED_TOGETHER, PAUSE_S = 1_000, 0.1
"""Deadlines that passed meanwhile are looked at in turns."""

Mail = tuple[WaypointRows, list[Waypoint]]


class CatchingUp:
    """How far the journal's reader is. `post` takes mail as it is taken when nobody is behind."""

    def __init__(
        self,
        host: Host,
        journal: WaypointJournal,
        world: World,
        supervisor: Supervisor,
        dispatcher: Dispatcher,
        commit: Commit,
        newest: Callable[[], int],
    ) -> None:
        self._host = host
        self._journal = journal
        self._world = world
        self._vehicles = world.vehicles
        self._supervisor = supervisor
        self._dispatcher = dispatcher
        self._commit = commit
        self._newest = newest
        self._read = WaypointReader().read
        self.post: Callable[[WaypointRows, list[Waypoint]], None] = lambda rows, waypoints: None
        self.look: Callable[[SourceActor], None] = lambda actor: None
        self.ended: Callable[[], None] = lambda: None
        self.over = False
        """Whether every vehicle that runs gets its mail."""
        self.cursor = self.judged = 0
        self.received = 0
        self._taken_up = False
        self._put_off: list[SourceActor] = []
        self._held: list[Mail] | None = None
        self._held_after = 0
        self._over = trio.Event()

    async def begin(self, watermark: int, judged: int) -> None:
        """Stand at the snapshots, and let the intake know what came after them.

        Args:
            watermark: the newest row that every snapshot includes.
            judged: the newest row whose effects are stored, of all that ran when the process before ended.
        """
        self.cursor, self.judged = watermark, judged
        self._world.run_all()
        apart = [actor for actor in self._vehicles.awake() if self._is_apart(actor, actor in self._world.away)]
        for actor in self._vehicles.awake():
            if actor.state is ActorState.STOPPED and actor not in self._world.away:
                self._supervisor.stays_away(actor)  # killed while it was started: the common mark goes on without it
        self._supervisor.judged_before = lambda actor_id: judged if actor_id.startswith(PREFIX) else 0
        for actor in self._vehicles.awake():
            actor.catch_up()
        for actor in apart:
            if actor.state is ActorState.RUNNING:
                self._supervisor.fell_behind(actor)
        await self._world.learn_missed(watermark, self._newest())

    def _is_apart(self, actor: VehicleActor, away: bool) -> bool:
        """Whether a vehicle has to read its own journal: its snapshot is older, or its mark another."""
        record, head = self._supervisor.record(actor.id), self._world.tracks.by_id[actor.vehicle_id].head
        own = 0 if record is None else record.judged
        lags = actor.seq < head <= self.cursor
        if away or (lags and own < head):
            self._supervisor.note(actor.id)
            return True
        if record is not None:  # it was away long ago, or only its snapshot is unreadable
            record.judged = max(own, self.judged)
        return lags or actor.seq < own or own > self.judged

    # ------------------------------------------------------------------------------ asked meanwhile

    def hold(self, rows: WaypointRows, waypoints: list[Waypoint]) -> bool:
        """Whether what has just been stored is left to the reader of the journal."""
        if self._held is not None:
            self._held.append((rows, waypoints))
        return not self.over

    def put_off(self, actor: SourceActor) -> bool:
        """Whether a deadline is looked at later: nobody was silent whose rows are not received yet."""
        if self.over or not isinstance(actor, VehicleActor):
            return False
        self._put_off.append(actor)
        return True

    async def wait(self) -> None:
        """Wait until nobody is behind."""
        await self._over.wait()

    @property
    def left(self) -> int:
        """How many rows are not received yet."""
        return 0 if self.over else max(0, self._newest() - self.cursor)

    def concerns(self) -> list[Concern]:
        """What people are told meanwhile."""
        return [Concern("journal_behind", "vehicles", {"rows": self.left})] if not self.over else []

    # ------------------------------------------------------------------------------ reading on

    async def read_on(self, for_s: float | None = None) -> None:
        """Read for so long, on the host loop."""
        until_s = monotonic() + (AT_START_S if for_s is None else for_s)
        while not self.over and monotonic() < until_s and self.left <= AT_START:
            await self.step()

    async def run(self) -> None:
        """Read to the end in slices, then let what passed meanwhile be looked at."""
        while not self.over:
            try:
                await self._host(self.step)
            except StoreError as error:
                log.warning("journal_waits", reason=str(error))
                await trio.sleep(RETRY_S)
        self._over.set()
        while some := self._put_off[-LOOKED_TOGETHER:]:
            del self._put_off[-LOOKED_TOGETHER:]
            for actor in some:
                self.look(actor)
            await trio.sleep(PAUSE_S)

    async def step(self) -> None:
        """Let vehicles receive the next rows."""
        newest = self._newest()
        if self._held is None and newest - self.cursor <= NEAR:
            self._held, self._held_after = [], newest
        if self._held is not None:
            newest = self._held_after
        rows = await self._journal.after(self.cursor, newest, TOGETHER)
        async for at in in_breaths(range(0, len(rows), SLICE), 1):
            self._deliver(rows[at : at + SLICE])
        if self._held is not None and (not rows or self.cursor >= newest):
            self._end(newest)

    def _deliver(self, rows: Sequence[StoredWaypoint]) -> None:
        while not self._dispatcher.idle:
            self._dispatcher.round()  # whoever read on by itself may have mail
        readers: list[SourceActor] = []
        seqs, at_ms, waypoints = list[int](), list[int](), list[Waypoint]()
        find, read = self._vehicles.actor, self._read
        for row in rows:
            try:
                readers.append(find(row.vehicle_id))
            except KeyError:
                continue
            seqs.append(row.id)
            at_ms.append(row.received_ms)
            waypoints.append(Waypoint(*read(row.body)))
        deliver, held = self._supervisor.deliver_batch, self._dispatcher.post
        old = bisect_right(seqs, self.judged)
        if old:
            deliver(readers[:old], seqs[:old], at_ms[:old], waypoints[:old], held)
            for actor in set(readers[:old]):
                if actor.state is ActorState.RUNNING:
                    actor.catch_up()  # whoever saves it now saves how it was told to stand
        results: list[tuple[SourceActor, Sequence[Any], int]] = []
        if old < len(seqs):
            self._take_up()
            results = deliver(readers[old:], seqs[old:], at_ms[old:], waypoints[old:], held)
        self.cursor = rows[-1].id
        self.received += len(seqs)
        self._commit(results)

    def _take_up(self) -> None:
        """All that was judged before is in the states again: how vehicles stood is what was told of them."""
        if not self._taken_up:
            self._taken_up = True
            for actor in self._vehicles.awake():
                if actor.state is ActorState.RUNNING:
                    actor.catch_up()

    def _end(self, newest: int) -> None:
        """Nobody is behind from here on: what came meanwhile follows, in its order."""
        self._take_up()
        held, self._held = self._held or [], None
        self.cursor, self.over = newest, True
        for rows, waypoints in held:
            self.post(rows, waypoints)
        self._world.missed.clear()
        self.ended()
        sources = len(self._world.stations) + len(self._vehicles)
        log.info("journal_replayed", messages=self.received, sources=sources)
