"""Deciding on proposals, and changing by hand: the actor is rebuilt before the answer goes out."""

import pytest

from actors.rules.defaults import load_elements
from actors.rules.threshold_tables import ProposalDecided
from actors.threshold_book import ThresholdBook
from actors.threshold_desk import ThresholdDesk
from conf.qc_tables import QC_TABLES
from storage.models import ParameterRow, StationRow, ThresholdProposalRow, ThresholdVersionRow
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
NOW_S = 1_774_000_000.0


class Rebuilt:
    """Counts how often the actors were asked to follow."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1


async def proposed() -> tuple[StationRow, ThresholdProposalRow]:
    station = await StationRow.create(code="TB_A", kind="wastewater", cadence_s=300)
    own = {"step": {"s10": 1, "f10": 3, "s60": 2, "f60": 5}}
    await ParameterRow.create(station_id=station.id, symbol="pH", unit="", qc=own)
    proposal = await ThresholdProposalRow.create(
        station_id=station.id, parameter="pH", made_ms=0, tables={"step": {"s10": 1.75}}, was={"step": {"s10": 1.0}},
        evidence={"step_999": 1.2},
    )  # fmt: skip
    return station, proposal


async def test_an_approval_makes_a_calibrated_version_that_keeps_the_other_keys(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, _):
        rebuilt = Rebuilt()
        book = ThresholdBook(database, load_elements(), QC_TABLES, lambda: NOW_S)
        desk = ThresholdDesk(database, book, rebuilt, lambda: NOW_S)
        station, proposal = await proposed()
        before = await desk.change(station, "pH", {"spike": False}, "an", "noise")
        decided = await desk.approve(proposal.id, "an", "a month of data")
        version = await ThresholdVersionRow.get(id=decided.version_id or 0)
        with pytest.raises(ProposalDecided):
            await desk.reject(proposal.id, "an", "no")
        row = await ParameterRow.get(symbol="pH")
    assert before is not None and version.params_hash != before.params_hash
    assert version.origins["step"] == "calibrated" and version.origins["spike"] == "station"
    step = row.qc["step"]
    assert isinstance(step, dict) and (step["s10"], step["f10"]) == (1.75, 3.0)
    assert (decided.state, decided.decided_by, rebuilt.times) == ("approved", "an", 2)


async def test_a_rejection_keeps_what_is_in_use(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, _):
        rebuilt = Rebuilt()
        book = ThresholdBook(database, load_elements(), QC_TABLES, lambda: NOW_S)
        desk = ThresholdDesk(database, book, rebuilt, lambda: NOW_S)
        _, proposal = await proposed()
        decided = await desk.reject(proposal.id, "an", "a bad month")
        with pytest.raises(LookupError):
            await desk.approve(proposal.id + 1, "an", "why")
        assert not await ThresholdVersionRow.exists()
    assert (decided.state, decided.reason, rebuilt.times) == ("rejected", "a bad month", 0)
