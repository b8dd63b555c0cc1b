"""Increased frequency of an area during a disaster: who switched it on, until when, and what it does to its stations.

It stands in the store and reaches every station of its area as raised stretches of its timetable: deadlines, gaps and
completeness follow from there, and go back by themselves when the end has come, over restarts as well.
Invariant: of one area no two disasters overlap; a disaster is never deleted, only ended.
Source: TT 13/2023/TT-BTNMT art. 4.2.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from actors.disaster_view import DisasterRefused, disaster_view, is_on
from actors.kernel.clock import Now
from actors.rules.timetable import Raised
from actors.station import StationActor
from protocols.times import DAY_S, iso
from storage.database import Database
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
    """

    def __init__(
        self,
        now: Now,
        database: Database,
        ids: Ids,
        stations: Callable[[], Mapping[str, StationActor]],
        look: Callable[[StationActor], None],
    ) -> None:
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
        async with self._database.writing():
            await row.save(force_create=True)
        await self.load()
        return row

    async def end(self, area: str, who: str) -> DisasterRow:
        """End what is on, or take back what has not begun; raises KeyError where there is nothing to end."""
        now_s = int(self._now())
        row = next((row for row in self._rows if row.area == area and (row.to_s is None or row.to_s > now_s)), None)
        if row is None:
            raise KeyError(area)
        row.to_s, row.ended_by = max(now_s, row.from_s), who
        async with self._database.writing():
            await row.save(update_fields=["to_s", "ended_by"])
        await self.load()
        return row

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
