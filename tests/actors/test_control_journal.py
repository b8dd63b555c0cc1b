"""Published control states that change, in virtual time and over a real store."""

from dataclasses import replace
from typing import Any

import pytest

from actors.control_journal import ControlJournal
from actors.messages import Effect, ReadingJudged, ReadingRevised
from actors.outer_verdicts import Verdict
from actors.products import Made, Product
from actors.rules.control import FULL, LEAST
from actors.station_profile import settle
from protocols.flags import NEIGHBOURED
from protocols.verdict import pack
from protocols.vocabulary import Flag, Period, ProductKind
from storage.ids import load_ids
from storage.models import ControlChangeRow, ReadingRow, StationRow
from storage.writer import Unit, Writer
from tests.actors.averaging_kit import MIDNIGHT_S, Clock, air_profile, day_of_values
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


async def box(database: Any, writer: Writer, mandatory: tuple[str, ...] = FULL) -> Box:
    clock_s = [float(T0)]
    return Box(ControlJournal(lambda: clock_s[0], await load_ids(database), lambda _: mandatory), writer, clock_s)


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


async def test_a_backlog_is_compared_only_once_it_is_published(sqlite_url: str) -> None:
    """What came an hour late was measured long ago, and is no more published than what comes on time."""
    async with opened(sqlite_url) as (database, writer):
        at = await box(database, writer)
        at.clock_s[0] = T0 + 7200.0
        await at.judge(1, T0 + 3600)
        revised = ReadingRevised(1, "COD", T0 + 3600, Flag.GOOD, WHOLE)
        unit = Unit()
        at.journal.watch(unit, [revised])
        assert unit.updates == []
        at.clock_s[0] += 1201.0
        await at.judge(2, T0 + 3300)
        at.journal.watch(unit, [revised._replace(time_s=T0 + 3900)])
        assert unit.updates == [], "newer than all that is published"
        assert [row["time_s"] for row in await at.revise(T0 + 3600)] == [T0 + 3600]


async def test_what_came_before_this_process_may_be_published(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        at = await box(database, writer)
        await at.judge(1, T0 - 3600)
        fresh = await box(database, writer)
        fresh.journal.published_file, fresh.clock_s[0] = 1, T0 + 60.0
        assert [row["time_s"] for row in await fresh.revise(T0 - 3600)] == [T0 - 3600]


async def test_the_spatial_test_is_mandatory_for_a_reading_that_has_neighbours_enough(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        at = await box(database, writer)
        await at.judge(1, T0)
        await ReadingRow.filter(id=1).update(outer_flags=NEIGHBOURED)
        at.clock_s[0] = T0 + 1300.0
        at.journal.published_file = 1
        assert await at.revise(T0) == [], "spatial is still to come, so it stays partial"
        await ReadingRow.filter(id=1).update(outer_flags=NEIGHBOURED | 1 << 40, verdict=PARTIAL)
        assert [change["now"] for change in await at.revise(T0)] == ["da_kiem_soat"]


@pytest.mark.parametrize(
    ("mandatory", "outer_flags", "said", "changes"),
    [
        (FULL, NEIGHBOURED, [("spatial", Flag.FAIL)], [("kiem_soat_chua_day_du", "da_kiem_soat")]),
        (FULL, NEIGHBOURED, [("spatial", Flag.NOT_EVALUATED)], []),
        (FULL, NEIGHBOURED | 1 << 40, [("spatial", Flag.NOT_EVALUATED)], [("da_kiem_soat", "kiem_soat_chua_day_du")]),
        (FULL, 0, [("spatial", Flag.GOOD)], []),
        (FULL, NEIGHBOURED, [("works", Flag.GOOD)], []),
        (("model", "works"), 0, [("works", Flag.GOOD)], [("chua_kiem_soat", "kiem_soat_chua_day_du")]),
        (
            ("model", "works"), 0, [("works", Flag.GOOD), ("model", Flag.SUSPECT)],
            [("chua_kiem_soat", "da_kiem_soat")],
        ),
    ],
)  # fmt: skip
async def test_what_a_test_beyond_the_station_says_is_written_down_where_it_is_mandatory(
    store_url: str,
    mandatory: tuple[str, ...],
    outer_flags: int,
    said: list[tuple[str, Flag]],
    changes: list[tuple[str, str]],
) -> None:
    async with opened(store_url) as (database, writer):
        at = await box(database, writer, mandatory)
        await at.judge(1, T0, WHOLE)
        await ReadingRow.filter(id=1).update(outer_flags=outer_flags)
        at.journal.published_file = 1
        for late_s in (600.0, 1300.0):
            at.clock_s[0] = T0 + late_s
            unit = Unit()
            at.journal.outer(unit, [Verdict(1, 1, T0, test, flag, False, False) for test, flag in said])
            await at.writer.store(unit)
            told = await ControlChangeRow.all().values_list("was", "now")
            assert told == ([] if late_s < 900 else changes), "within 20 minutes of reception nothing is published"


async def test_the_hour_of_a_special_station_controls_its_published_readings_once(store_url: str) -> None:
    """QĐ 338/QĐ-KTTV art. 4.4: of special-purpose stations at least completeness and syntax."""
    async with opened(store_url) as (database, writer):
        at = await box(database, writer, LEAST)
        special = settle(StationRow(id=1, code="A", kind="hydromet", cadence_s=600, network="special"), [], [])
        for number in range(1, 5):
            await at.judge(number, T0 - 1800 + 600 * number, WHOLE)
        at.journal.published_file, at.clock_s[0] = 3, T0 + 300.0
        product = Product("COD", ProductKind.MEAN, 5.0, "mg/L", Flag.GOOD, 3, 6)
        for version in (1, 2):
            unit = Unit()
            made = Made(1, Period.HOUR, T0, (replace(product, version=version),), version, frozenset({"COD"}))
            facts = (5.0, "mg/L", 1, 3, 6, 0, "", "mean", "", None)
            unit.add("hourly", (version, 1, "COD", T0, version, *facts))
            at.journal.made(unit, special, made)
            await at.writer.store(unit)
        rows = await ControlChangeRow.all().order_by("id")
        assert [(row.time_s - T0, row.was, row.now) for row in rows] == [
            (-1200, "kiem_soat_chua_day_du", "da_kiem_soat"),
            (-600, "kiem_soat_chua_day_du", "da_kiem_soat"),
            (0, "kiem_soat_chua_day_du", "da_kiem_soat"),
        ]
        assert len({row.id for row in rows}) == 3


async def test_the_clock_of_the_hours_tells_of_each_hour_it_makes_for_the_first_time(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        ids, now_s = await load_ids(database), MIDNIGHT_S + 3900.0
        journal = ControlJournal(lambda: now_s, ids, lambda _: LEAST)
        journal.published_file = 1
        clock = Clock(database, writer, ids, air_profile(network="special"), (journal.made,))
        values = day_of_values(MIDNIGHT_S, 1)
        late = (("O3", MIDNIGHT_S + 600),)
        await clock.put({key: value for key, value in values.items() if key not in late})
        await clock.make(now_s)
        rows = await ControlChangeRow.filter(parameter="O3").order_by("time_s")
        assert [(row.time_s - MIDNIGHT_S, row.was, row.now) for row in rows] == [
            (at_s, "chua_kiem_soat", "kiem_soat_chua_day_du") for at_s in range(1200, 3601, 600)
        ]
        await clock.put({key: values[key] for key in late})
        await clock.make(now_s)
        assert await ControlChangeRow.filter(parameter="O3").count() == len(rows), "its hour was known when it came"
