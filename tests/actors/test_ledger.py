"""What actors decide becomes rows: every kind of effect, in one transaction with how far was judged."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from actors.ledger import JUDGED_WAYPOINTS, Ledger
from actors.messages import (
    Effect,
    Flipped,
    GapChanged,
    HourTouched,
    ReadingJudged,
    ReadingRevised,
    ViolationFound,
)
from actors.rules.vehicle_limits import limits_on, load_limits
from actors.vehicle import VehicleActor
from protocols.vocabulary import Flag, Freshness, GapState, ViolationKind
from storage.ids import load_ids
from storage.models import CounterRow, DirtyHourRow, FlipRow, GapRow, ReadingRow, ViolationRow
from storage.writer import Writer
from tests.storage.blank import open_blank
from tests.storage.stores import engine_for

LIMITS = limits_on(date(2026, 3, 2), load_limits()).overspeed
READING = ReadingJudged(1, "COD", 300, 4.5, "4.50", "mg/L", "00", Flag.SUSPECT, {"range": 3}, 9, 2)
FLIP = Flipped("vehicle:29A1", Freshness.FRESH, Freshness.LATE, 5.5, "no waypoint")
VIOLATION = ViolationFound(-1, ViolationKind.SPEED, 10, 50, True, {"v_kmh": 91.5, "driver": "ổ"})
EFFECTS: tuple[Effect, ...] = (
    READING,
    HourTouched(1, 3600, 5),
    GapChanged(1, "COD", 300, None, 4, GapState.OPEN),
    FLIP,
    VIOLATION,
)


@dataclass
class Desk:
    """A ledger with its store, and what it told."""

    ledger: Ledger
    writer: Writer
    told: list[Effect] = field(default_factory=list)
    received: int | None = None

    async def commit(self, *effects: Effect) -> None:
        actor = VehicleActor(-1, "29A1", None, LIMITS)
        self.ledger.commit([(actor, effects, 7)])
        await self.writer.flush()


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    database = await open_blank(folder)
    writer = Writer(engine_for(f"sqlite://{folder}/trambox.db"), database.pen)
    await writer.open()
    told: list[Effect] = []

    def tell(effects: Sequence[Effect]) -> None:
        told.extend(effects)

    try:
        ledger = Ledger(writer, await load_ids(database), tell, lambda: opened.received)
        opened = Desk(ledger, writer, told)
        yield opened
    finally:
        await writer.close()
        await database.close()


@pytest.mark.asyncio
async def test_every_kind_of_effect_has_its_row(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.commit(*EFFECTS)
        reading, flip, violation = await ReadingRow.get(), await FlipRow.get(), await ViolationRow.get()
        assert (reading.parameter, reading.value, reading.raw_text, reading.flag) == ("COD", 4.5, "4.50", 3)
        assert (reading.tests, reading.file_id, reading.line) == ({"range": 3}, 9, 2)
        assert (flip.source, flip.was, flip.now, flip.at_s) == ("vehicle:29A1", "fresh", "late", 5.5)
        assert (violation.vehicle_id, violation.kind, violation.detail) == (-1, "speed", VIOLATION.detail)
        assert ((await GapRow.get()).state, (await DirtyHourRow.get()).hour_s) == ("open", 3600)


@pytest.mark.asyncio
async def test_a_revision_changes_the_flags_and_never_the_value(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        await d.commit(READING)
        await d.commit(ReadingRevised(1, "COD", 300, Flag.FAIL, {"range": 3, "spike": 4}))
        row = await ReadingRow.get()
        assert (row.flag, row.tests, row.value, row.raw_text) == (4, {"range": 3, "spike": 4}, 4.5, "4.50")


@pytest.mark.asyncio
async def test_effects_are_told_once_they_are_stored(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        d.ledger.commit([(VehicleActor(-1, "29A1", None, LIMITS), EFFECTS, 7)])
        assert d.told == []
        await d.writer.flush()
        assert d.told == list(EFFECTS)


@pytest.mark.asyncio
async def test_a_round_without_effects_writes_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        before = d.writer.commits
        d.ledger.commit([])
        assert d.writer.waiting_rows == 0
        await d.writer.flush()
        assert d.writer.commits == before + 1
        assert d.told == []


@pytest.mark.asyncio
@pytest.mark.parametrize("received", [None, 41])
async def test_the_watermark_moves_only_when_no_mail_waits(tmp_path: Path, received: int | None) -> None:
    async with desk(tmp_path) as d:
        d.received = received
        await d.commit(FLIP)
        row = await CounterRow.get_or_none(name=JUDGED_WAYPOINTS)
        assert (row.value if row else None) == received
