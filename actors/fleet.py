"""All vehicles by id. One that nobody asked for since the start is a row; actor and track are made when somebody does.

Most vehicles of a nation are not on the road, and a start must not make two objects and a heap entry for each of them.
What clocks and lists need of a row is read off the head of its snapshot.
Invariant: a row stands for a vehicle that runs, whose snapshot holds all that was told of it, and all that it received
up to where everybody reads on (`actors/catching_up.py`).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import inf

from typing_extensions import override

from actors.kernel.actor import NEVER_S
from actors.vehicle import Glimpse, Head, VehicleActor, deadline_of, glimpse_of, head_of
from protocols.vocabulary import ActorState, Freshness
from storage.fleet import REGISTERED, FleetRow

PREFIX = "vehicle:"
SPAN_S = 10
"""Deadlines of rows are kept in spans of so many seconds; within its span a vehicle has its own."""
ROUSED_TOGETHER = 1_000
"""After a long time away all of a fleet is due at once: others get their turn in between."""
NOTHING_SEEN = Glimpse(None, Freshness.NEVER_SEEN, running=False)
_NEVER: Head = 0, 0, 0, Freshness.NEVER_SEEN


def head_of_row(row: FleetRow) -> Head:
    """What a row says of its vehicle."""
    return (head_of(row.state) if row.state else None) or _NEVER


class Sleeper:
    """A row, as those look at it who count vehicles and do not change any."""

    __slots__ = ("deadline_s", "row", "told")
    state = ActorState.RUNNING

    def __init__(self, row: FleetRow) -> None:
        head = head_of_row(row)
        self.row = row
        self.told = head[3]
        self.deadline_s = deadline_of(head)

    @property
    def id(self) -> str:
        """The id of the actor that it will be."""
        return PREFIX + self.row.plate


class Place:
    """A row, as a map looks at it."""

    __slots__ = ("row",)

    def __init__(self, row: FleetRow) -> None:
        self.row = row

    @property
    def vehicle_id(self) -> int:
        """Whose row it is."""
        return self.row.id

    @property
    def plate(self) -> str:
        """Its plate."""
        return self.row.plate

    @property
    def id(self) -> str:
        """The id of the actor that it will be."""
        return PREFIX + self.row.plate

    def glimpse(self) -> Glimpse:
        """Where it was last, and how it was told to stand."""
        state = self.row.state
        return NOTHING_SEEN if not state else glimpse_of(state)


class Fleet(Mapping[int, VehicleActor]):
    """Vehicles by id, in the order they came.

    Args:
        make: makes actor and track of a row that is asked for.
    """

    def __init__(self, make: Callable[[FleetRow], VehicleActor]) -> None:
        self._make = make
        self._ids: list[int] = []
        self._rows: dict[int, FleetRow] = {}
        self._by_plate: dict[str, FleetRow] = {}
        self._due: defaultdict[int, list[int]] = defaultdict(list)
        self._awake = _Awake(self._called)
        self.actor: Callable[[int], VehicleActor] = self._awake.__getitem__
        """Gives the actor of a vehicle; raises KeyError."""
        self._touched: list[int] = []
        self._unsummed: list[int] = []

    # ------------------------------------------------------------------------------ rows come

    def lay_down(
        self,
        rows: Iterable[FleetRow],
        apart: Collection[str] = (),
        flipped: Mapping[str, str] | None = None,
        watermark: float = inf,
    ) -> list[FleetRow]:
        """Take rows in; gives those that cannot stay rows.

        Args:
            apart: plates of vehicles that did not run.
            flipped: what was told since the snapshots, by source.
            watermark: what a snapshot does not hold is read on from there by everybody.
        """
        cannot: list[FleetRow] = []
        ids, kept, by_plate, due = self._ids, self._rows, self._by_plate, self._due
        for row in rows:
            vehicle_id, plate, _, _, _, _, seq, newest, _, _, state = row
            ids.append(vehicle_id)
            head: Head | None = _NEVER
            if seq is not None:
                head = head_of(state) if state and (newest == seq or (newest or 0) > watermark) else None
            if head is None or plate in apart or (flipped and flipped.get(PREFIX + plate, head[3]) != head[3]):
                cannot.append(row)
                continue
            kept[vehicle_id] = by_plate[plate] = row
            if (deadline_s := deadline_of(head)) < NEVER_S:
                due[int(deadline_s) // SPAN_S].append(vehicle_id)
            if head[1]:
                self._touched.append(vehicle_id)
            elif head[2] != seq and seq:
                self._unsummed.append(vehicle_id)
        return cannot

    def renew(self, row: FleetRow) -> bool:
        """Take over what is registered of one that sleeps; False where no row has its plate."""
        old = self._by_plate.get(row.plate)
        if old is None:
            return False
        if old[1:REGISTERED] != row[1:REGISTERED]:
            renewed = FleetRow._make((old.id, *row[1:REGISTERED], *old[REGISTERED:]))
            self._rows[old.id] = self._by_plate[row.plate] = renewed
        return True

    def add(self, actor: VehicleActor) -> None:
        """An actor was made."""
        self._awake[actor.vehicle_id] = actor

    def come(self, vehicle_id: int) -> None:
        """A vehicle that no table knew has come."""
        self._ids.append(vehicle_id)

    # ------------------------------------------------------------------------------ somebody asks

    def _called(self, vehicle_id: int) -> VehicleActor:
        row = self._rows.pop(vehicle_id)
        del self._by_plate[row.plate]
        return self._make(row)

    def by_plate(self, plate: str) -> VehicleActor | None:
        """Give the actor of a row by its plate; None where there is no such row."""
        row = self._by_plate.get(plate)
        return None if row is None else self._called(row.id)

    def rouse(self, actor_id: str) -> VehicleActor | None:
        """The same by the actor's id."""
        return self.by_plate(actor_id.removeprefix(PREFIX)) if actor_id.startswith(PREFIX) else None

    def rouse_all(self) -> Iterator[VehicleActor]:
        """Give the actors of all rows, one after the other."""
        for vehicle_id in list(self._rows):
            if vehicle_id in self._rows:
                yield self._called(vehicle_id)

    def rouse_due(self, until_s: float) -> Sequence[VehicleActor]:
        """Give some whose deadline may come until then; nobody where there are none."""
        due = self._due
        if not due:
            return ()
        span = min(due)
        if span * SPAN_S > until_s:
            return ()
        ids = due[span]
        some = ids[-ROUSED_TOGETHER:]
        del ids[-ROUSED_TOGETHER:]
        if not ids:
            del due[span]
        return [self.actor(vehicle_id) for vehicle_id in some]

    # ------------------------------------------------------------------------------ looking

    def awake(self) -> list[VehicleActor]:
        """Those that have an actor."""
        return list(self._awake.values())

    def in_order(self) -> Iterator[VehicleActor]:
        """The same as they stand in the tables, so that rows that are neighbours are written together."""
        return filter(None, map(self._awake.get, self._ids))

    def seen(self) -> Iterator[Sleeper]:
        """The others; one that is called meanwhile is told of all the same."""
        return map(Sleeper, list(self._rows.values()))

    @property
    def sleeping(self) -> Mapping[int, FleetRow]:
        """The rows by id."""
        return self._rows

    def pin(self, vehicle_id: int) -> VehicleActor | Place | None:
        """One of all, as a map looks at it: no actor is made for that."""
        if vehicle_id in self._awake:
            return self._awake[vehicle_id]
        row = self._rows.get(vehicle_id)
        return None if row is None else Place(row)

    @property
    def asleep(self) -> int:
        """How many are rows."""
        return len(self._rows)

    def all_touched(self) -> list[int]:
        """Vehicles whose track is to be judged anew."""
        return [*self._touched, *(actor.vehicle_id for actor in self._awake.values() if actor.touched_s)]

    def moving(self) -> Iterator[VehicleActor]:
        """Those that may have come further than what their newest day was written as."""
        yield from self.awake()
        while self._unsummed:
            yield self.actor(self._unsummed.pop())

    def newest_row(self, vehicle_id: int) -> int | None:
        """The newest journal row of one that sleeps; None for others."""
        row = self._rows.get(vehicle_id)
        return None if row is None else row.head or 0

    @property
    def lowest(self) -> int:
        """The lowest id, 0 where nobody has one below."""
        return min(self._ids, default=0)

    @override
    def __getitem__(self, vehicle_id: int) -> VehicleActor:
        return self._awake[vehicle_id]

    @override
    def __iter__(self) -> Iterator[int]:
        return iter(self._ids)

    @override
    def __len__(self) -> int:
        return len(self._ids)


class _Awake(dict[int, VehicleActor]):
    """Vehicles that have an actor; another one is called as it is asked for, at no cost to those that are here."""

    def __init__(self, called: Callable[[int], VehicleActor]) -> None:
        super().__init__()
        self._called = called

    def __missing__(self, vehicle_id: int) -> VehicleActor:
        return self._called(vehicle_id)
