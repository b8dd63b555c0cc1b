"""Increased frequency of an area during a disaster: who switched it on, until when, and what it does to its stations.

It stands in the store and reaches every station of its area as raised stretches of its timetable: deadlines, gaps and
completeness follow from there, and go back by themselves when the end has come, over restarts as well. What is said of
hours that are made already (from when, until when, for which stations) lets them be made again.
Invariant: of one area no two disasters overlap; a disaster is never deleted, only ended.
Source: TT 13/2023/TT-BTNMT art. 4.2.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from actors.disaster_view import DisasterRefused, disaster_view, is_on
from actors.kernel.clock import Now
from actors.rules.timetable import Raised
from actors.station import StationActor
from protocols.times import DAY_S, HOUR_S, hour_end, iso
from storage.database import Database
from storage.hours import touches
from storage.ids import Ids
from storage.models import AreaRow, DisasterRow
from storage.series_facts import areas_and_disasters

SHORTEST_S, LONGEST_S = 60, 6 * 3600
REMEMBERED_S = 61 * DAY_S
"""A little longer than gaps are remembered (`actors/rules/gap_ledger.py`)."""


class Disasters:
    """Areas and their disasters.

    Args:
        stations: code -> actor.
        look: lets an actor look at the clock again.
        touched: called when hours must be averaged again.
    """

    def __init__(
        self,
        now: Now,
        database: Database,
        ids: Ids,
        stations: Callable[[], Mapping[str, StationActor]],
        look: Callable[[StationActor], None],
        touched: Callable[[], None] = lambda: None,
    ) -> None:
        self._touched = touched
        self._now = now
        self._database = database
        self._ids = ids
        self._stations = stations
        self._look = look
        self._areas: list[AreaRow] = []
        self._rows: list[DisasterRow] = []

    async def load(self, *, at_start: bool = False) -> None:
        """Read everything, and bring every station's timetable to it; at the start nobody looks at the clock yet."""
        self._areas, self._rows = await areas_and_disasters()
        since_s = self._now() - REMEMBERED_S
        raised: dict[str, list[Raised]] = {}
        for row in self._rows:
            if row.to_s is None or row.to_s > since_s:
                for code in self._codes(row.area):
                    raised.setdefault(code, []).append(Raised(row.from_s, row.to_s, row.cadence_s))
        for code, actor in self._stations().items():
            timetable = actor.profile.timetable.with_raised(raised.get(code, ()))
            if timetable != actor.timetable:
                actor.follow(timetable)
                if not at_start:
                    self._look(actor)
        await self._catch_up()

    async def _catch_up(self) -> None:
        """Areas may have other stations since an import, be it that nothing ran then.

        For stations that came or went, disasters of the past began or never were: their hours are made again.
        """
        for area in self._areas:
            if area.followed == area.stations:
                continue
            codes = frozenset(area.stations).symmetric_difference(
                area.stations if area.followed is None else area.followed
            )
            rows = [row for row in self._rows if row.area == area.name]
            hours = [hour for row in rows for hour in self._hours(codes, row.from_s, row.to_s)]
            async with self._database.writing():
                await self._touch(hours)
                await AreaRow.filter(id=area.id).update(followed=area.stations)
            area.followed = area.stations
            if hours:
                self._touched()

    def _hours(self, codes: Iterable[str], from_s: int, to_s: int | None) -> list[tuple[int, int]]:
        """The hours of some stations in a span, as far as it has passed and is remembered."""
        now_s, known = int(self._now()), self._stations()
        first_s = hour_end(max(from_s, now_s - REMEMBERED_S) + 1)
        last_s = hour_end(now_s if to_s is None else min(to_s, now_s))
        numbers = [known[code].profile.station_id for code in codes if code in known]
        return [(number, end_s) for number in numbers for end_s in range(first_s, last_s + 1, HOUR_S)]

    async def _touch(self, hours: Sequence[tuple[int, int]]) -> None:
        for statement in touches(self._ids, hours, int(self._now() * 1000)):
            await self._database.connection().execute_query(statement)

    async def _make_again(self, codes: Iterable[str], from_s: int, to_s: int | None) -> None:
        """Let the hours of a span be made again, with what is expected of them now."""
        if hours := self._hours(codes, from_s, to_s):
            async with self._database.writing():
                await self._touch(hours)
            self._touched()

    async def _keep(self, area: str, from_s: int, to_s: int | None, save: Callable[[], Awaitable[object]]) -> None:
        """Save what is said of a span, with its hours; take it over, and let these be made again.

        They stand on the worklist twice: with the row, so that a kill loses none, and once more when the stations
        follow, for until then an hour may be made as it was.
        """
        codes = list(self._codes(area))
        async with self._database.writing():
            await save()
            await self._touch(self._hours(codes, from_s, to_s))
        await self.load()
        await self._make_again(codes, from_s, to_s)

    def _codes(self, area: str) -> Iterable[str]:
        return next((row.stations for row in self._areas if row.name == area), ())

    def struck(self) -> frozenset[int]:
        """The stations of areas where a disaster is on: they come first."""
        now_s = self._now()
        codes = {code for row in self._rows if is_on(row, now_s) for code in self._codes(row.area)}
        known = self._stations()
        return frozenset(known[code].profile.station_id for code in codes if code in known)

    async def declare(
        self, area: str, from_s: int, to_s: int | None, cadence_s: int, reason: str, who: str
    ) -> DisasterRow:
        """Switch increased frequency on; raises KeyError for an unknown area, DisasterRefused."""
        if all(row.name != area for row in self._areas):
            raise KeyError(area)
        if not SHORTEST_S <= cadence_s <= LONGEST_S:
            raise DisasterRefused("cadence_s", f"cadence_s must be from {SHORTEST_S} to {LONGEST_S} seconds")
        if to_s is not None and to_s <= max(from_s, self._now()):
            raise DisasterRefused("to", "the end must lie after the beginning, and in the future")
        if not reason.strip():
            raise DisasterRefused("reason", "say why: it is kept in the audit log")
        for row in self._rows:
            if row.area == area and (row.to_s is None or row.to_s > from_s) and (to_s is None or row.from_s < to_s):
                until = "its end is open" if row.to_s is None else f"it ends {iso(row.to_s)}"
                raise DisasterRefused("from", f"one is on already since {iso(row.from_s)}, {until}: end it first")
        row = DisasterRow(
            id=self._ids.take("disasters"), area=area, from_s=from_s, to_s=to_s, cadence_s=cadence_s,
            reason=reason.strip()[:200], begun_by=who,
        )  # fmt: skip
        await self._keep(area, from_s, to_s, partial(row.save, force_create=True))
        return row

    async def end(self, area: str, who: str, to_s: int | None = None) -> DisasterRow:
        """End what is on, or take back what has not begun; raises KeyError where there is nothing to end.

        Args:
            to_s: when it ended, or is to end: the end of the last one is put right, earlier or later; None = now.
        """
        now_s, own = int(self._now()), [row for row in self._rows if row.area == area]
        row = next((row for row in own if row.to_s is None or row.to_s > now_s), own[-1] if own and to_s else None)
        if row is None:
            raise KeyError(area)
        until_s = max(now_s, row.from_s) if to_s is None else to_s
        if until_s < row.from_s:
            raise DisasterRefused("to", f"it began {iso(row.from_s)}: it cannot have ended before")
        after_s = min((other.from_s for other in own if other.from_s > row.from_s), default=until_s)
        if until_s > after_s:
            raise DisasterRefused("to", f"another one begins {iso(after_s)}: this one must end by then")
        first_s, last_s = until_s, row.to_s
        if last_s is not None:
            first_s, last_s = min(first_s, last_s), max(first_s, last_s)
        save = DisasterRow.filter(id=row.id).update(to_s=until_s, ended_by=who)
        await self._keep(area, first_s, last_s, lambda: save)
        return next(each for each in self._rows if each.id == row.id)

    def views(self) -> list[dict[str, Any]]:
        """Every area with its stations and its disasters, the newest first."""
        now_s = self._now()
        return [
            {
                "name": area.name,
                "title": area.title,
                "stations": list(area.stations),
                "disasters": [disaster_view(row, now_s) for row in reversed(self._rows) if row.area == area.name],
            }
            for area in self._areas
        ]
