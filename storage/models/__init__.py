"""Every table of the house, as Tortoise models. Times: `*_s` UTC epoch seconds, `*_ms` UTC epoch milliseconds.

Docstrings become the tables' comments: no semicolon in them, SQLite's script runner would split there.
"""

from storage.models.archive import ArchivePartRow
from storage.models.exceedances import ExceedanceRow, ExceedanceWorkRow
from storage.models.imports import ImportRow
from storage.models.inventory import (
    AccountRow,
    DestinationRow,
    ParameterRow,
    ProviderRow,
    StationRow,
    TokenRow,
    UserRow,
    VehicleRow,
)
from storage.models.journal import AsideRow, FileRow, WaypointRow
from storage.models.judged import (
    DirtyHourRow,
    FlipRow,
    GapRow,
    HourlyRow,
    ReadingRow,
    StretchRow,
    ViolationRow,
)
from storage.models.notices import LetterRow, NoticeItemRow, NoticeRow, RecipientRow, ReplyRow
from storage.models.products import AqiRow, DirtyDayRow, LongerProductRow
from storage.models.pulls import PulledRow, PullRow, SampleRow
from storage.models.registrations import RegistrationRow
from storage.models.registry import CompanyWordRow, DriverWordRow, ProviderDayRow, VehicleWordRow
from storage.models.review import CorrectionRow, EpisodeRow, ReviewJournalRow, ShiftRow, TicketRow
from storage.models.running import (
    ActorRow,
    AuditRow,
    CounterRow,
    CrashRow,
    OutFileRow,
    RefusedUnitRow,
    SpanRow,
    VehicleStateRow,
)
from storage.models.schedules import AreaRow, DisasterRow, StationDayRow, WorkRow
from storage.models.thresholds import (
    ControlChangeRow,
    DriftDayRow,
    DriftStateRow,
    DriftTicketRow,
    ThresholdProposalRow,
    ThresholdVersionRow,
)
from storage.models.traffic import DirtyTrafficDayRow, TrafficDayRow, TrafficMonthRow, VehicleOwnerRow
from storage.models.zones import ZoneRow

__all__ = [
    "AccountRow",
    "ActorRow",
    "AqiRow",
    "ArchivePartRow",
    "AreaRow",
    "AsideRow",
    "AuditRow",
    "CompanyWordRow",
    "ControlChangeRow",
    "CorrectionRow",
    "CounterRow",
    "CrashRow",
    "DestinationRow",
    "DirtyDayRow",
    "DirtyHourRow",
    "DirtyTrafficDayRow",
    "DisasterRow",
    "DriftDayRow",
    "DriftStateRow",
    "DriftTicketRow",
    "DriverWordRow",
    "EpisodeRow",
    "ExceedanceRow",
    "ExceedanceWorkRow",
    "FileRow",
    "FlipRow",
    "GapRow",
    "HourlyRow",
    "ImportRow",
    "LetterRow",
    "LongerProductRow",
    "NoticeItemRow",
    "NoticeRow",
    "OutFileRow",
    "ParameterRow",
    "ProviderDayRow",
    "ProviderRow",
    "PullRow",
    "PulledRow",
    "ReadingRow",
    "RecipientRow",
    "RefusedUnitRow",
    "RegistrationRow",
    "ReplyRow",
    "ReviewJournalRow",
    "SampleRow",
    "ShiftRow",
    "SpanRow",
    "StationDayRow",
    "StationRow",
    "StretchRow",
    "ThresholdProposalRow",
    "ThresholdVersionRow",
    "TicketRow",
    "TokenRow",
    "TrafficDayRow",
    "TrafficMonthRow",
    "UserRow",
    "VehicleOwnerRow",
    "VehicleRow",
    "VehicleStateRow",
    "VehicleWordRow",
    "ViolationRow",
    "WaypointRow",
    "WorkRow",
    "ZoneRow",
]
