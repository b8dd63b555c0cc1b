"""The nightly pass over all series, and one series when it is shown."""

import pytest

from actors.drift_desk import LOOKED_AT, DriftDesk
from actors.drift_judge import DriftJudge
from protocols.times import DAY_S, HOUR_S, day_start
from storage.ids import load_ids
from storage.models import CounterRow, HourlyRow, ParameterRow, StationRow
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
FIRST_S = day_start(1_774_000_000)


async def keep(day: int) -> None:
    await HourlyRow.create(
        id=day + 1, station_id=1, parameter="COD", hour_s=FIRST_S + day * DAY_S + 5 * HOUR_S, version=1, value=50.0,
        unit="mg/L", flag=1, count=1, expected=1, made_ms=0,
    )  # fmt: skip


async def test_a_night_judges_what_is_new_and_notes_how_far_it_has_seen(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        await StationRow.create(id=1, code="A", kind="wastewater", cadence_s=86400)
        qc = {"cusum": {"sigma_min": 1, "M": 2}}
        await ParameterRow.create(station_id=1, symbol="COD", unit="mg/L", qc=qc)
        clock_s, counted = [FIRST_S + 3 * DAY_S + 100.0], [0]
        judge = DriftJudge(lambda: clock_s[0], writer, await load_ids(database))
        desk = DriftDesk(judge, writer, [], lambda: counted[0])
        for day in range(3):
            await keep(day)
        assert await desk.night() == 3
        counted[0] = (await CounterRow.get(name=LOOKED_AT)).value
        assert counted[0] == 3 and await desk.night() == 0
        clock_s[0] += DAY_S
        await keep(3)
        report = await desk.report(1, "COD", FIRST_S, FIRST_S + 9 * DAY_S)
        assert report is not None and [row.flag for row in report.days] == [2, 2, 1, 1]
        assert await desk.report(1, "pH", FIRST_S, FIRST_S) is None
        assert await desk.looked_at(1) == ["COD"] and await desk.week() == 0
