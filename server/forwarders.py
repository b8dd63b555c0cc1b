"""All ways out: one forwarder per enabled destination, fed after every commit."""

from collections.abc import Callable, Mapping
from functools import partial

from actors.board import ForwardView
from actors.debt import Debt, Span
from actors.file_forwarder import FileForwarder
from actors.hourly_file import medium_of
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.latency import STEPS
from actors.lateness import late_days
from actors.waypoint_forwarder import WaypointForwarder
from actors.world import World
from protocols.vocabulary import DeliveryState, DestinationKind
from server.forwards import AmqpPeer, make_sender
from storage.ids import Ids
from storage.latencies import kept_latencies
from storage.models import DestinationRow
from storage.spans import load_spans
from storage.waypoint_rows import WaypointRows
from storage.waypoints import WaypointJournal
from storage.writer import Unit, Writer

FILE_DEADLINE_S = 600.0


class Forwarders:
    """The forwarders by destination.

    Args:
        newest: the newest waypoint row that was handed on.
        counted: a running total by name.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        world: World,
        journal: WaypointJournal,
        newest: Callable[[], int],
        counted: Callable[[str], int],
    ) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._ids = ids
        self._world = world
        self._journal = journal
        self._newest = newest
        self._counted = counted
        self._files: dict[str, FileForwarder] = {}
        self._waypoints: dict[str, WaypointForwarder] = {}
        self.waypoint_names: tuple[str, ...] = ()

    async def make_missing(self) -> list[ChildSpec]:
        """Make a forwarder for every enabled destination that has none yet; returns what must be started.

        Those that run learn the deadline that an import set.
        """
        specs = []
        for name, destination in self._world.destinations.items():
            if destination.enabled and name not in self._files and name not in self._waypoints:
                forwarder = await self._make(destination)
                specs.append(ChildSpec(f"forwarder:{name}", name, forwarder.run, forwarder.statistics))
            elif (running := self._waypoints.get(name)) is not None:
                running.expect(destination.deadline_s)
            elif destination.kind == DestinationKind.WAYPOINTS:
                await self._end_debt(destination)
        self.waypoint_names = tuple(self._waypoints)
        return specs

    def let_go(self) -> list[str]:
        """Forget the forwarders of destinations that were disabled; returns the services that must be stopped."""
        names = [
            name for name in (*self._files, *self._waypoints)
            if (row := self._world.destinations.get(name)) is None or not row.enabled
        ]  # fmt: skip
        for name in names:
            self._files.pop(name, None)
            self._waypoints.pop(name, None)
        return [f"forwarder:{name}" for name in names]

    async def retry(self, name: str, file_id: int) -> bool:
        """Let one refused file of a destination that is turned on wait again; whether there is such a file."""
        forwarder = self._files.get(name)
        return forwarder is not None and await forwarder.retry(file_id)

    async def _make(self, destination: DestinationRow) -> FileForwarder | WaypointForwarder:
        took = await kept_latencies(destination.name, STEPS)
        if destination.kind == DestinationKind.FILES:
            files = self._files[destination.name] = self._make_files(destination.name, destination.id, took)
            return files
        waypoints = self._waypoints[destination.name] = await self._make_waypoints(destination, took)
        return waypoints

    def _make_files(self, name: str, destination_id: int, took: Mapping[str, int]) -> FileForwarder:
        return FileForwarder(
            name,
            destination_id,
            FILE_DEADLINE_S,
            self._now,
            self._writer,
            lambda medium: make_sender(self._world.destinations[name], medium),
            lambda station_id: medium_of(self._world.profiles[station_id].kind, self._world.destinations[name]),
            self._host,
            self._counted,
            took,
        )

    async def _make_waypoints(self, destination: DestinationRow, took: Mapping[str, int]) -> WaypointForwarder:
        debt = await self._load_debt(destination)
        if not debt.is_open:
            self._begin(destination.name, debt)
        return WaypointForwarder(
            destination.name,
            destination.deadline_s,
            debt,
            self._now,
            self._writer,
            self._ids,
            lambda: AmqpPeer(self._world.destinations[destination.name]),
            self._host,
            lambda after, up_to, limit: self._host(lambda: self._journal.after(after, up_to, limit)),
            self._newest,
            self._counted,
            took,
        )

    async def _load_debt(self, destination: DestinationRow) -> Debt:
        spans = [Span(row.id, row.after_id, row.cursor, row.up_to_id) for row in await load_spans(destination.id)]
        return Debt(destination.id, spans)

    async def _end_debt(self, destination: DestinationRow) -> None:
        """Owe a disabled destination nothing from here on, and count nothing for it either, in one step."""
        if destination.name in self.waypoint_names:
            await self._writer.flush()  # what its forwarder confirmed last moves the cursor that is read here
        debt = await self._load_debt(destination)
        self.waypoint_names = tuple(name for name in self.waypoint_names if name != destination.name)
        if debt.is_open:
            unit = Unit()
            debt.end(unit, self._ids.take("waypoints") - 1)
            self._writer.add(unit)

    def _begin(self, name: str, debt: Debt) -> None:
        """Owe a new destination all from here on, in one step: rows that are on their way to the disk were counted
        without it, so the debt begins at the newest number given out, and every later row is counted for it."""
        unit = Unit()
        debt.begin(unit, self._ids.take("spans"), self._ids.take("waypoints") - 1)
        self._writer.add(unit)
        self.waypoint_names = (*self.waypoint_names, name)

    def hand_on(self, rows: WaypointRows) -> None:
        """Feed freshly stored waypoints to everybody who is owed them."""
        for forwarder in self._waypoints.values():
            forwarder.hand_on(rows)

    def owed(self, names: set[str]) -> None:
        """Tell destinations that hourly files wait for them."""
        for name in names & set(self._files):
            self._files[name].owed()

    def views(self) -> dict[str, Callable[[], ForwardView]]:
        """How each destination stands, to be asked; one that an import turned on is off until its forwarder is made."""
        files = {name: forwarder.view for name, forwarder in self._files.items()}
        waypoints = {name: forwarder.view for name, forwarder in self._waypoints.items()}
        off = {
            name: partial(self._off_view, row.name, row.kind)
            for name, row in self._world.destinations.items()
            if name not in self._files and name not in self._waypoints
        }
        return files | waypoints | off

    def _off_view(self, name: str, kind: str) -> ForwardView:
        """A destination that is turned off: what it had and what still waits for it."""
        due, forwarded, waiting, refused = (
            self._counted(f"destination.{name}.{part}") for part in ("due", "forwarded", "waiting", "refused")
        )
        late = late_days(self._counted, name, self._now())
        return ForwardView(
            name,
            kind,
            DeliveryState.DISABLED,
            waiting,
            None,
            "",
            next(iter(late.values())),
            None,
            due=due,
            forwarded=forwarded,
            refused=refused,
            late_days=late,
        )
