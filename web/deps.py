"""What the console is built from: faces of other parts, handed in by the composition root.

Invariant: web/ holds no data of its own; it asks the board, reads through the queries, and acts through the controls.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from actors.board import Board, Controls
from actors.map_sleepers import Vehicles
from actors.messages import ViolationFound
from actors.review_acts import Act, Actor, Done, Preview, ReviewOptions
from protocols.vocabulary import SampleState, ViolationKind
from protocols.waypoint import Waypoint
from storage.drift import DriftReport
from storage.models import (
    DisasterRow,
    FileRow,
    RegistrationRow,
    SampleRow,
    ShiftRow,
    StationRow,
    ThresholdProposalRow,
    ThresholdVersionRow,
    UserRow,
    ZoneRow,
)
from storage.queries import Queries
from storage.traffic_cases import TrafficCases
from storage.traffic_sums import TrafficSums
from web.options import WebOptions

Audit = Callable[[str, str, str, str], Awaitable[None]]
"""Writes one line of the audit log: user, action, target, detail."""


class HoursDesk(Protocol):
    """Knows the hours at the wheel of a vehicle's drivers (`actors/hours_desk.py`)."""

    async def of_vehicle(
        self, vehicle_id: int, plate: str, from_s: float, to_s: float
    ) -> list[tuple[int | None, ViolationFound]]: ...


RetryFile = Callable[[str, int], Awaitable[bool]]


class Users(Protocol):
    """The people at the console."""

    async def verify_user(self, name: str, password: str) -> UserRow | None: ...

    async def make_token(self, user: UserRow, name: str) -> str: ...

    async def user_of_token(self, token: str) -> UserRow | None: ...


class DriftDesk(Protocol):
    """Looks at slow drift (`actors/drift_desk.py`)."""

    async def report(self, station_id: int, parameter: str, from_s: int, to_s: int) -> DriftReport | None: ...

    async def looked_at(self, station_id: int) -> list[str]: ...


class ThresholdDesk(Protocol):
    """Changes thresholds and decides on proposals (`actors/threshold_desk.py`)."""

    async def change(
        self, station: StationRow, parameter: str, tables: Mapping[str, object], who: str, reason: str
    ) -> ThresholdVersionRow | None: ...

    async def approve(self, proposal_id: int, who: str, reason: str) -> ThresholdProposalRow: ...

    async def reject(self, proposal_id: int, who: str, reason: str) -> ThresholdProposalRow: ...


class Disasters(Protocol):
    """Increased frequency of areas (`actors/disasters.py`)."""

    def views(self) -> list[dict[str, Any]]: ...

    async def declare(
        self, area: str, from_s: int, to_s: int | None, cadence_s: int, reason: str, who: str
    ) -> DisasterRow: ...

    async def end(self, area: str, who: str, to_s: int | None = None) -> DisasterRow: ...


class Desk(Protocol):
    """Where acts about questioned values are carried out; raises ReviewRefused."""

    async def act(self, episode_id: int, act: Act, actor: Actor) -> Done | Preview: ...


class Shifts(Protocol):
    """Where shifts are handed over; raises ReviewRefused."""

    async def hand_over(self, who: str, outgoing: str, incoming: str, notes: str) -> ShiftRow: ...

    async def confirm(self, shift_id: int, who: str, notes: str) -> ShiftRow: ...


@dataclass(frozen=True, slots=True)
class ReviewFaces:
    """Manual quality control. `urgent` gives the stations whose values are controlled first."""

    desk: Desk
    shifts: Shifts
    urgent: Callable[[], Collection[int]] = frozenset[int]
    options: ReviewOptions = field(default_factory=ReviewOptions)


class NoticeDesk(Protocol):
    """Takes answers to notices (`actors/notices/desk.py`)."""

    async def answer(self, notice_id: int, who: str, text: str) -> None: ...

    async def try_again(self, letter_id: int) -> None: ...


class Registrations(Protocol):
    """Decisions on what works register of themselves (actors/registration_desk.py)."""

    async def approve(self, number: int, who: str, note: str, work: str = "") -> RegistrationRow: ...

    async def reject(self, number: int, who: str, note: str) -> RegistrationRow: ...


class Samplers(Protocol):
    """Tells auto-samplers to act, and takes their answers (`actors/samplers.py`)."""

    async def ask(self, station: StationRow, who: str, reason: str, bottle: str) -> int: ...

    async def answer(self, row: SampleRow, state: SampleState, text: str) -> None: ...


class RetentionDesk(Protocol):
    """Moves old waypoints to the archive and lets older ones go (`actors/retention.py`)."""

    def begin(self, until_s: int | None, expire: bool, who: str) -> bool: ...

    def view(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class TrafficReads:
    """What reports on vehicles are made of."""

    sums: TrafficSums
    cases: TrafficCases


@dataclass(frozen=True, slots=True)
class WebDeps:
    """Everything the console needs."""

    board: Board
    controls: Controls
    queries: Queries
    users: Users
    audit: Audit
    thresholds: ThresholdDesk
    drift: DriftDesk
    notices: NoticeDesk
    samplers: Samplers
    disasters: Disasters
    raw_reader: Callable[[FileRow], Awaitable[bytes]]
    now: Callable[[], float]
    options: WebOptions
    registrations: Registrations
    retention: RetentionDesk
    review: ReviewFaces
    traffic: TrafficReads
    hours: HoursDesk
    article: Callable[[ViolationKind, int], str]
    """Which article a violation of a time rests on."""
    vehicles: Vehicles
    """Every vehicle that runs, for the map."""
    zones: Callable[[], Iterable[ZoneRow]] = tuple[ZoneRow, ...]
    """The zones that stand, for a window of the map."""
    limit_at: Callable[[int, Waypoint], float | None] = lambda vehicle_id, waypoint: None
    """The speed limit of a vehicle where a message came from, in km/h, by the zones that stand."""
    retry_file: RetryFile | None = None
    """Lets one refused file wait again: destination, file; whether there is such a file."""
