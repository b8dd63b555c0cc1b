"""What source actors receive and what they decide: frozen types, events in the past tense.

A message's `seq` is its journal row; 0 means that it does not stand in a journal.
"""

from typing import NamedTuple

from protocols.records import ParsedReading
from protocols.vocabulary import Flag, Freshness, GapState, ViolationKind
from protocols.waypoint import Waypoint

# ------------------------------------------------------------------------------------------------ received


class WaypointStored(NamedTuple):
    """A waypoint stands in the journal."""

    seq: int
    received_ms: int
    waypoint: Waypoint


class FileStored(NamedTuple):
    """A station file stands in the journal, and this is what it says."""

    seq: int
    received_ms: int
    readings: tuple[ParsedReading, ...]


class DeadlinePassed(NamedTuple):
    """The deadline that the actor asked for is due."""

    seq: int
    deadline_s: float
    now_s: float


# ------------------------------------------------------------------------------------------------ decided


class Flipped(NamedTuple):
    """A source's freshness changed; `at_s` is the true time of the change."""

    source: str
    was: Freshness
    now: Freshness
    at_s: float
    reason: str


class ReadingJudged(NamedTuple):
    """A value with its flags; the value itself is as it came."""

    station_id: int
    parameter: str
    time_s: int
    value: float | None
    raw: str
    unit: str
    device_status: str
    flag: Flag
    verdict: int
    """All its tests, packed (`protocols/verdict.py`)."""
    file_id: int
    line: int
    params_id: int = 0
    """Version of the thresholds it was judged with; 0 where none is kept."""
    raw_unit: str = ""
    """The unit as the file wrote it; the value is in `unit` unless `reasons` says that the unit is none of its."""
    reasons: int = 0
    """What syntax found, packed (actors/rules/syntax.py: bits_of)."""


class ReadingRevised(NamedTuple):
    """Another value changed what was found out about the active reading of an instant; others stand as they were."""

    station_id: int
    parameter: str
    time_s: int
    flag: Flag
    verdict: int


class HourTouched(NamedTuple):
    """The means of the hour ending at `hour_s` must be made (again)."""

    station_id: int
    hour_s: int
    since_ms: int


class GapChanged(NamedTuple):
    """A hole opened, closed or was filled."""

    station_id: int
    parameter: str
    from_s: int
    to_s: int | None
    missing: int
    state: GapState


class DayCounted(NamedTuple):
    """Values came that stand for a day: so many more received, of them late, backfilled, failed."""

    station_id: int
    day_s: int
    received: int
    late: int
    backfilled: int
    failed: int


class FailuresChanged(NamedTuple):
    """A verdict on a value of a day changed: its running count of failed values no longer holds."""

    station_id: int
    day_s: int


class ViolationFound(NamedTuple):
    """A violation of TT 09/2015/TT-BGTVT."""

    vehicle_id: int
    kind: ViolationKind
    start_s: int
    end_s: int | None
    closed: bool
    detail: dict[str, object]
    driver: str = ""


class DroveStretch(NamedTuple):
    """A driver was at the wheel of a vehicle; told again with a later end while it goes on."""

    vehicle_id: int
    driver: str
    start_s: int
    end_s: int


class DayDriven(NamedTuple):
    """What a vehicle's day came to; told once it is over, and again when a backlog changed it."""

    vehicle_id: int
    day_s: int
    travelled_m: float
    moving_s: int
    messages: int


class TrackTouched(NamedTuple):
    """A waypoint came behind a newer one: the vehicle's track must be judged anew."""

    vehicle_id: int


Effect = (
    Flipped
    | ReadingJudged
    | ReadingRevised
    | HourTouched
    | GapChanged
    | DayCounted
    | FailuresChanged
    | ViolationFound
    | DroveStretch
    | DayDriven
    | TrackTouched
)
