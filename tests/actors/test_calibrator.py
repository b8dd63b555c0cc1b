"""Proposals over a store: after a month, once a month, from good values alone."""

import pytest

from actors.calibrator import MONTH_DAYS, Calibrator
from actors.rules.defaults import load_elements
from actors.threshold_book import ThresholdBook
from actors.threshold_desk import ThresholdDesk
from conf.qc_tables import QC_TABLES
from protocols.times import DAY_S
from storage.models import ParameterRow, ReadingRow, StationRow, ThresholdProposalRow, ThresholdVersionRow
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
NOW_S = 1_774_000_200
STEP = {"s10": 1.0, "f10": 3.0, "s60": 2.0, "f60": 5.0}


async def keep(first_s: int, count: int) -> None:
    """Values that jump by 0.9, and wild ones that are flagged."""
    rows: list[ReadingRow] = []
    for number in range(count):
        value, flag = (99.0, 3) if number % 50 == 7 else (0.9 * (number % 2), 1)
        rows.append(
            ReadingRow(
                id=number + 1, station_id=1, parameter="pH", time_s=first_s + 300 * number, value=value, raw_text="",
                unit="", device_status="00", flag=flag, file_id=1, line=number,
            )
        )  # fmt: skip
    await ReadingRow.bulk_create(rows, batch_size=500)


async def nothing() -> None:
    """Nobody is rebuilt here."""


async def test_after_a_month_a_proposal_is_made_from_good_values_and_an_approval_changes_the_hash(
    sqlite_url: str,
) -> None:
    async with opened(sqlite_url) as (database, _):
        clock_s = [float(NOW_S)]
        station = await StationRow.create(id=1, code="A", kind="wastewater", cadence_s=300)
        await ParameterRow.create(station_id=1, symbol="pH", unit="", qc={"step": STEP, "flat_line": False})
        book = ThresholdBook(database, load_elements(), QC_TABLES, lambda: clock_s[0])
        desk = ThresholdDesk(database, book, nothing, lambda: clock_s[0])
        before = await desk.change(station, "pH", {"gap": {"fail_s": 7200}}, "an", "slow line")
        calibrator = Calibrator(database, load_elements(), lambda: clock_s[0])
        await keep(NOW_S - 10 * DAY_S, 2000)
        assert await calibrator.night() == 0, "ten days are no month"
        clock_s[0] += (MONTH_DAYS - 10) * DAY_S + 60.0
        assert await calibrator.night() == 1
        assert await Calibrator(database, load_elements(), lambda: clock_s[0]).night() == 0, "made this month"
        proposal = await ThresholdProposalRow.get()
        await desk.approve(proposal.id, "an", "a month of data")
        versions = await ThresholdVersionRow.all().order_by("-id")
    assert proposal.tables == {"step": {"s10": 1.35, "s60": 1.35}}
    assert proposal.was == {"step": {"s10": 1.0, "s60": 2.0}}
    assert before is not None and versions[0].params_hash != before.params_hash
    assert versions[0].origins["step"] == "calibrated"


async def test_a_new_proposal_takes_the_place_of_an_open_one(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, _):
        station = await StationRow.create(id=1, code="A", kind="wastewater", cadence_s=300)
        await ParameterRow.create(station_id=1, symbol="pH", unit="", qc={"flat_line": False})
        book = ThresholdBook(database, load_elements(), QC_TABLES, lambda: NOW_S)
        await book.change(station, "pH", {"step": STEP}, "an", "first")
        await keep(NOW_S - 31 * DAY_S, 8000)
        await ThresholdProposalRow.create(
            station_id=1, parameter="pH", made_ms=(NOW_S - 40 * DAY_S) * 1000, tables={}, was={}, evidence={}
        )
        assert await Calibrator(database, load_elements(), lambda: NOW_S).night() == 1
        assert [row.state for row in await ThresholdProposalRow.all().order_by("id")] == ["superseded", "open"]
