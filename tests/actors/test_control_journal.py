"""Published control states that change, in virtual time and over a real store."""

from typing import Any

import pytest

from actors.control_journal import ControlJournal
from actors.messages import Effect, ReadingJudged, ReadingRevised
from actors.rules.control import FULL
from protocols.verdict import pack
from protocols.vocabulary import Flag
from storage.ids import load_ids
from storage.models import ControlChangeRow, ReadingRow
from storage.writer import Unit, Writer
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
T0 = 1_774_000_800
PARTIAL = pack({"syntax": 1, "range": 1, "step": 2, "flat_line": 1})
WHOLE = pack({"syntax": 1, "range": 1, "step": 1, "flat_line": 1})


class Box:
    """A clock, a store with one reading, and the journal."""

    def __init__(self, journal: ControlJournal, writer: Writer, clock_s: list[float]) -> None:
        self.journal = journal
        self.writer = writer
        self.clock_s = clock_s

    async def judge(self, file_id: int, time_s: int, verdict: int = PARTIAL) -> None:
        """A reading comes and is judged."""
        effect = ReadingJudged(1, "COD", time_s, 5.0, "5", "mg/L", "00", Flag.GOOD, verdict, file_id, 1)
        unit = Unit()
        self.journal.watch(unit, [effect])
        await ReadingRow.create(
            id=file_id, station_id=1, parameter="COD", time_s=time_s, value=5.0, raw_text="5", unit="mg/L",
            device_status="00", flag=1, verdict=verdict, file_id=file_id, line=1,
        )  # fmt: skip

    async def revise(self, time_s: int, verdict: int = WHOLE) -> list[dict[str, Any]]:
        """Its verdict is another; gives what the journal holds."""
        effects: list[Effect] = [ReadingRevised(1, "COD", time_s, Flag.GOOD, verdict)]
        sql = "UPDATE readings SET verdict = ? WHERE station_id = ? AND time_s = ?"
        unit = Unit(updates=[(sql, (verdict, 1, time_s))])
        self.journal.watch(unit, effects)
        await self.writer.store(unit)
        return await ControlChangeRow.all().order_by("id").values("time_s", "was", "now", "at_ms")


async def box(database: Any, writer: Writer) -> Box:
    clock_s = [float(T0)]
    return Box(ControlJournal(lambda: clock_s[0], await load_ids(database), lambda _: FULL), writer, clock_s)


async def test_a_change_within_twenty_minutes_is_no_news_and_a_later_one_is_written_down(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        at = await box(database, writer)
        await at.judge(1, T0)
        at.clock_s[0] = T0 + 300.0
        await at.judge(2, T0 + 300)
        assert await at.revise(T0) == []
        at.clock_s[0] = T0 + 1501.0
        await at.judge(3, T0 + 1500)
        assert await at.revise(T0, WHOLE) == [], "the state is as it was"
        assert await at.revise(T0 + 300) == [
            {"time_s": T0 + 300, "was": "kiem_soat_chua_day_du", "now": "da_kiem_soat", "at_ms": (T0 + 1501) * 1000}
        ]
        assert len(await at.revise(T0 + 1500)) == 1, "not published yet"


async def test_a_spatial_verdict_makes_that_test_mandatory(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        at = await box(database, writer)
        await at.judge(1, T0)
        await ReadingRow.filter(id=1).update(outer_flags=2 << 40)
        at.clock_s[0] = T0 + 1300.0
        at.journal.published_file = 1
        assert await at.revise(T0) == [], "spatial is still to come, so it stays partial"
        await ReadingRow.filter(id=1).update(outer_flags=1 << 40, verdict=PARTIAL)
        assert [change["now"] for change in await at.revise(T0)] == ["da_kiem_soat"]
