"""The words everyone uses: enums of the field, lowest in the house.

Stored and shown values are the enum's own value; a new word goes here first, then into docs/glossary.md.
"""

from enum import IntEnum, StrEnum


class Flag(IntEnum):
    """Verdict of one quality test or of all of them together (QARTOD codes)."""

    GOOD = 1
    NOT_EVALUATED = 2
    SUSPECT = 3
    FAIL = 4
    MISSING = 9


class Freshness(StrEnum):
    """How a source stands against its schedule."""

    NEVER_SEEN = "never_seen"
    FRESH = "fresh"
    LATE = "late"
    SILENT = "silent"
    BACKFILLING = "backfilling"
    MAINTENANCE = "maintenance"
    PAUSED = "paused"


class ActorState(StrEnum):
    """Life cycle of an actor; the transition table is `actors/kernel/supervisor.py`."""

    STARTING = "starting"
    RUNNING = "running"
    BEHIND = "behind"
    BACKING_OFF = "backing_off"
    QUARANTINED = "quarantined"
    STOPPED = "stopped"


class DeliveryState(StrEnum):
    """How a destination stands: nothing waits, something waits, told to wait, a human is needed, it is turned off.

    A source that no destination takes has NONE.
    """

    NONE = "none"
    CURRENT = "current"
    QUEUED = "queued"
    BLOCKED = "blocked"
    REFUSED = "refused"
    DISABLED = "disabled"


class Fate(StrEnum):
    """The one end of everything that arrives: received = stored + duplicate + refused."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class GapState(StrEnum):
    """A hole in a parameter's series: still open, ended by newer data, filled afterwards."""

    OPEN = "open"
    CLOSED = "closed"
    BACKFILLED = "backfilled"


class ExceedanceLevel(StrEnum):
    """How a value stands against its limit; beyond it with a suspect value it awaits verification.

    Within it a value may have a tendency to pass it, or already approach it.
    """

    WITHIN = "within"
    TENDENCY = "tendency"
    APPROACHING = "approaching"
    AWAITING_VERIFICATION = "awaiting_verification"
    EXCEEDING = "exceeding"


class ExceedanceState(StrEnum):
    """How an exceedance stands now: it goes on, it ended, or later data took it back."""

    TENDENCY = "tendency"
    APPROACHING = "approaching"
    AWAITING_VERIFICATION = "awaiting_verification"
    EXCEEDING = "exceeding"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class DeviceStatus(StrEnum):
    """Status column of TT 10/2021/TT-BTNMT Phụ lục 15."""

    MEASURING = "00"
    CALIBRATING = "01"
    ERROR = "02"


class StationKind(StrEnum):
    """Kind of a monitoring station."""

    AIR = "air"
    WASTEWATER = "wastewater"
    EMISSION = "emission"
    SURFACE_WATER = "surface_water"
    GROUND_WATER = "ground_water"
    HYDROMET = "hydromet"


class ProductKind(StrEnum):
    """How many readings become one product."""

    MEAN = "mean"
    VECTOR = "vector"
    SUM = "sum"


class Period(StrEnum):
    """What a product stands for; all are right-closed and named by their end."""

    HOUR = "1h"
    EIGHT_HOURS = "8h"
    DAY_RUNNING = "24h"
    DAY = "day"
    HYDROMET_DAY = "hydromet_day"


class DestinationKind(StrEnum):
    """What a destination receives."""

    FILES = "files"
    WAYPOINTS = "waypoints"


class ViolationKind(StrEnum):
    """Violations of TT 09/2015/TT-BGTVT that the server states."""

    SPEED = "speed"
    CONTINUOUS_DRIVING = "continuous_driving"
    DAILY_DRIVING = "daily_driving"
    WEEKLY_DRIVING = "weekly_driving"
    NO_TRANSMISSION = "no_transmission"
    FREQUENCY = "frequency"
    MISSING_FIELD = "missing_field"
    ORDER = "order"


class ReviewAction(StrEnum):
    """What a person did about values in question (QĐ 338/QĐ-KTTV Phụ lục 01)."""

    APPROVE = "approve"
    REJECT = "reject"
    CORRECT = "correct"
    INTERPOLATE = "interpolate"
    MARK = "mark"
    CONFIRM_ABNORMAL = "confirm_abnormal"
    PROMOTE = "promote"
    REQUEST_VERIFICATION = "request_verification"
    ANSWER_VERIFICATION = "answer_verification"
    ESCALATE = "escalate"
    NOTE = "note"
    REOPEN = "reopen"


class EpisodeState(StrEnum):
    """How an episode of questionable values stands."""

    OPEN = "open"
    VERIFYING = "verifying"
    ESCALATED = "escalated"
    DONE = "done"


class ErrorType(StrEnum):
    """Kind of error in the words of QĐ 338/QĐ-KTTV Phụ lục 01, II.2."""

    MISSING_DATA = "missing_data"
    OUT_OF_RANGE = "out_of_range"
    VARIATION = "variation"
    DISCONTINUOUS = "discontinuous"
    INACCURATE = "inaccurate"
    STRUCTURE = "structure"
    DEVICE = "device"
    ABNORMAL_BUT_TRUE = "abnormal_but_true"


class Role(StrEnum):
    """Roles of people at the console."""

    ADMIN = "admin"
    OPERATOR = "operator"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


class Protocol(StrEnum):
    """Intake protocols."""

    FTP = "ftp"
    SFTP = "sftp"
    AMQP = "amqp"


class Cause(StrEnum):
    """What a responsible unit is told of, one digest each (QĐ 338/QĐ-KTTV Điều 6)."""

    MISSING = "missing"
    ABNORMAL = "abnormal"
    FAILED = "failed"
    EXCEEDING = "exceeding"
    TENDENCY = "tendency"
    DESTINATION = "destination"
    VERIFICATION = "verification"


class Occasion(StrEnum):
    """Why a letter of a digest is written."""

    OPENED = "opened"
    CHANGED = "changed"
    REMINDER = "reminder"
    ESCALATED = "escalated"
    RECOVERED = "recovered"


class LetterState(StrEnum):
    """A letter on its way; `replaced` by a later one of the same digest before it could be sent."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    REPLACED = "replaced"


class SampleState(StrEnum):
    """A sample that was asked of a station's sampler. `expired`: it could not be told in time, and is told no more."""

    WAITING = "waiting"
    SENT = "sent"
    TAKEN = "taken"
    FAILED = "failed"
    SILENT = "silent"
    EXPIRED = "expired"
