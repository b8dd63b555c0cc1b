"""Slow drift for those who ask: the nightly pass over all series, and one brought up to date when it is shown."""

from collections.abc import Callable, Iterable

from actors.drift_judge import DriftJudge, DriftSeries
from actors.drift_series import drift_series
from actors.rules.defaults import Element
from storage.drift import DriftReport, drift_days, drift_tickets, newest_hourly_id, touched_since
from storage.writer import Unit, Writer

LOOKED_AT = "nightly.hourly"
"""The newest hourly mean that the nightly pass has seen."""


class DriftDesk:
    """Asks the judge.

    Args:
        looked_at: the newest mean that the nightly pass has seen, as counted.
    """

    def __init__(
        self, judge: DriftJudge, writer: Writer, elements: Iterable[Element], looked_at: Callable[[], int]
    ) -> None:
        self._judge = judge
        self._writer = writer
        self._elements = tuple(elements)
        self._looked_at = looked_at

    async def night(self) -> int:
        """Bring every series up to date; returns how many days were judged."""
        newest = await newest_hourly_id()
        touched = await touched_since(self._looked_at())
        judged = 0
        for series in await drift_series(self._elements):
            judged += await self._judge.renew(series, earliest(series, touched))
        unit = Unit()
        unit.count(LOOKED_AT, newest - self._looked_at())
        await self._writer.store(unit)
        return judged

    async def week(self) -> int:
        """Let PELT confirm and date the alarms; returns how many it confirmed."""
        return sum([await self._judge.confirm(series) for series in await drift_series(self._elements)])

    async def report(self, station_id: int, parameter: str, from_s: int, to_s: int) -> DriftReport | None:
        """One series of a station; None where nobody asked for it to be looked at."""
        own = [series for series in await drift_series(self._elements, station_id) if series.parameter == parameter]
        if not own:
            return None
        series = own[0]
        touched = await touched_since(self._looked_at(), (series.station_id, *series.neighbours))
        await self._judge.renew(series, earliest(series, touched))
        return DriftReport(
            parameter,
            len(series.neighbours),
            await drift_days(station_id, parameter, from_s, to_s),
            await drift_tickets(station_id, parameter, from_s, to_s),
            await self._judge.changes(series, from_s, to_s),
        )

    async def looked_at(self, station_id: int) -> list[str]:
        """The parameters of a station that are looked at."""
        return [series.parameter for series in await drift_series(self._elements, station_id)]


def earliest(series: DriftSeries, touched: dict[tuple[int, str], int]) -> int | None:
    """The earliest hour that changed in a series or around it."""
    hours = [touched.get((station_id, series.parameter)) for station_id in (series.station_id, *series.neighbours)]
    return min((hour_s for hour_s in hours if hour_s is not None), default=None)
