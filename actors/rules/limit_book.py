"""The numbers of the vehicle rules for every day: what a day's messages are judged by is what held on that day.

A law that changes at midnight is taken up there, by the stream as by a recomputation of old days.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import datetime

from actors.rules.vehicle_limits import LimitRow, VehicleLimits, limits_on
from protocols.times import ICT
from protocols.vocabulary import ViolationKind

ARTICLES: dict[ViolationKind, str] = {
    ViolationKind.SPEED: "overspeed.min_duration_s",
    ViolationKind.CONTINUOUS_DRIVING: "driving.continuous_s",
    ViolationKind.DAILY_DRIVING: "driving.day_driving_s",
    ViolationKind.WEEKLY_DRIVING: "driving.week_driving_s",
    ViolationKind.NO_TRANSMISSION: "transmission.displacement_m",
    ViolationKind.FREQUENCY: "transmission.moving_period_s",
    ViolationKind.ORDER: "transmission.resend_latency_s",
}
"""The row whose article says that this is a violation."""
FIELDS_ARTICLE = "TT 09/2015/TT-BGTVT Điều 4 khoản 1 điểm b, Phụ lục 1"


class LimitBook:
    """Rows with the options that were chosen, one set of numbers for each span of days.

    Raises:
        ValueError: on some day from the first on a number has no row.
    """

    __slots__ = ("_from_s", "_limits", "_rows")

    def __init__(self, rows: Sequence[LimitRow], choices: Collection[str] = ()) -> None:
        self._rows = [row for row in rows if not row.choice or row.choice in choices]
        self._from_s: list[int] = []
        self._limits: list[VehicleLimits] = []
        days = {row.valid_from for row in rows} | {row.valid_to for row in rows if row.valid_to is not None}
        for day in sorted(days):
            self._from_s.append(int(datetime(day.year, day.month, day.day, tzinfo=ICT).timestamp()))
            self._limits.append(limits_on(day, rows, choices))

    def on(self, time_s: int) -> VehicleLimits:
        """The numbers of the day in Vietnam that an instant lies in; before the first, those of the first."""
        return self._limits[max(bisect_right(self._from_s, time_s) - 1, 0)]

    def article(self, kind: ViolationKind, time_s: int) -> str:
        """The article that a violation of that time rests on."""
        if kind is ViolationKind.MISSING_FIELD:
            return FIELDS_ARTICLE
        day = datetime.fromtimestamp(time_s, ICT).date()
        rows = [row for row in self._rows if row.name == ARTICLES[kind] and row.holds_on(day)]
        return max(rows, key=lambda row: bool(row.choice)).article if rows else ""
