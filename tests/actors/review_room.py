"""A desk over a real database: readings put there by hand, a reviewer who acts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from actors.review_acts import Act, Actor, Done, Preview, ReviewOptions
from actors.review_book import EpisodeBook
from actors.review_desk import ReviewDesk
from protocols.verdict import pack
from protocols.vocabulary import EpisodeState, ReviewAction, Role
from storage.database import Database
from storage.ids import Ids, load_ids
from storage.layers import Effective, effective_span
from storage.models import EpisodeRow, ReadingRow, StationRow
from tests.storage.blank import open_blank

HOUR = 1_763_600_400
STEP_S = 300
AN = Actor("an", Role.REVIEWER)


@dataclass
class Room:
    """What a test holds in its hands."""

    database: Database
    ids: Ids
    book: EpisodeBook
    desk: ReviewDesk
    clock_s: list[float]
    told: list[tuple[int, ReviewAction, str]] = field(default_factory=list[tuple[int, ReviewAction, str]])
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def put(self, step: int, value: float | None, flag: int = 1, test: str = "range", **changes: Any) -> int:
        """Store a reading at a step after HOUR; gives its number."""
        number = next(self.numbers)
        fields: dict[str, Any] = {
            "id": number, "station_id": 1, "parameter": "COD", "time_s": HOUR + step * STEP_S, "value": value,
            "raw_text": str(value), "unit": "mg/L", "device_status": "00", "flag": flag, "verdict": pack({test: flag}),
            "file_id": 1, "line": number,
        }  # fmt: skip
        await ReadingRow.create(**{**fields, **changes})
        return number

    async def episode(self, first: int, last: int, flag: int = 3, test: str = "range") -> EpisodeRow:
        """Store an episode of these steps."""
        return await EpisodeRow.create(
            id=self.ids.take("episodes"), station_id=1, parameter="COD", test=test, first_s=HOUR + first * STEP_S,
            last_s=HOUR + last * STEP_S, count=last - first + 1, flag=flag, state=str(EpisodeState.OPEN),
            opened_ms=1, changed_ms=1,
        )  # fmt: skip

    async def act(self, episode_id: int, action: ReviewAction, by: Actor = AN, **fields: Any) -> Done:
        """Act on the episode as it stands now, confirming what must be confirmed."""
        row = await EpisodeRow.get(id=episode_id)
        done = await self.desk.act(episode_id, Act(action, row.version, **fields), by)
        if isinstance(done, Preview):
            done = await self.desk.act(episode_id, Act(action, row.version, **{**fields, "confirm": done.confirm}), by)
        assert isinstance(done, Done)
        return done

    async def series(self) -> list[Effective]:
        """The effective series."""
        layer = (await effective_span([1], HOUR - 86400, HOUR + 86400)).get(1)
        return [] if layer is None else layer.readings["COD"]

    async def raw(self) -> list[dict[str, Any]]:
        """Every stored reading."""
        return await self.database.connection().execute_query_dict("SELECT * FROM readings ORDER BY id")


@asynccontextmanager
async def open_room(folder: Path, options: ReviewOptions | None = None) -> AsyncIterator[Room]:
    """A station of five-minute values."""
    database = await open_blank(folder)
    try:
        async with database.writing():
            await StationRow.create(id=1, code="TB_A", kind="wastewater", cadence_s=STEP_S, lat=20.45, lon=106.34)
        ids, clock_s = await load_ids(database), [HOUR + 3600.0]
        book = EpisodeBook(lambda: clock_s[0], ids)
        told: list[tuple[int, ReviewAction, str]] = []
        desk = ReviewDesk(
            lambda: clock_s[0],
            database,
            ids,
            book,
            lambda: None,
            lambda *deed: told.append(deed),
            options or ReviewOptions(),
        )
        yield Room(database, ids, book, desk, clock_s, told)
    finally:
        await database.close()
