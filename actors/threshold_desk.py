"""Where people change what a station is judged with: by hand, or by deciding on a proposal.

A change is stored with its version, its author and the reason, and the station's actor is rebuilt with it before the
answer goes out. A later import of the inventory wins, as a version of its own.
"""

from collections.abc import Awaitable, Callable, Mapping

from actors.kernel.clock import Now
from actors.rules.threshold_tables import ProposalDecided
from actors.threshold_book import ThresholdBook
from storage.database import Database
from storage.models import StationRow, ThresholdProposalRow, ThresholdVersionRow

OPEN, APPROVED, REJECTED = "open", "approved", "rejected"


class ThresholdDesk:
    """Changes thresholds.

    Args:
        refresh: rebuilds the actors whose profile changed.
    """

    def __init__(
        self, database: Database, book: ThresholdBook, refresh: Callable[[], Awaitable[object]], now: Now
    ) -> None:
        self._database = database
        self._book = book
        self._refresh = refresh
        self._now = now

    async def change(
        self, station: StationRow, parameter: str, tables: Mapping[str, object], who: str, reason: str
    ) -> ThresholdVersionRow | None:
        """Change a parameter's tables; None where that changes nothing. Raises TablesRefused, LookupError."""
        version = await self._book.change(station, parameter, tables, who, reason)
        if version is not None:
            await self._refresh()
        return version

    async def approve(self, proposal_id: int, who: str, reason: str) -> ThresholdProposalRow:
        """Judge with what was proposed from now on. Raises LookupError, ProposalDecided, TablesRefused."""
        proposal = await self._open_proposal(proposal_id)
        station = await StationRow.get(id=proposal.station_id)
        in_use = (
            await ThresholdVersionRow.filter(station_id=station.id, parameter=proposal.parameter)
            .order_by("-id")
            .first()
        )
        tables = {test: {**_table(in_use, test), **keys} for test, keys in proposal.tables.items()}
        version = await self._book.change(station, proposal.parameter, tables, who, reason, calibrated=True)
        proposal.version_id = None if version is None else version.id
        await self._decide(proposal, APPROVED, who, reason)
        if version is not None:
            await self._refresh()
        return proposal

    async def reject(self, proposal_id: int, who: str, reason: str) -> ThresholdProposalRow:
        """Keep what is in use. Raises LookupError, ProposalDecided."""
        proposal = await self._open_proposal(proposal_id)
        await self._decide(proposal, REJECTED, who, reason)
        return proposal

    async def _open_proposal(self, proposal_id: int) -> ThresholdProposalRow:
        proposal = await ThresholdProposalRow.get_or_none(id=proposal_id)
        if proposal is None:
            raise LookupError(proposal_id)
        if proposal.state != OPEN:
            raise ProposalDecided(f"{proposal.state} by {proposal.decided_by or 'the nightly service'}")
        return proposal

    async def _decide(self, proposal: ThresholdProposalRow, state: str, who: str, reason: str) -> None:
        proposal.state, proposal.decided_by, proposal.reason = state, who[:64], reason[:300]
        proposal.decided_ms = int(self._now() * 1000)
        async with self._database.writing():
            await proposal.save()


def _table(version: ThresholdVersionRow | None, test: str) -> dict[str, object]:
    table = None if version is None else version.tables.get(test)
    return dict(table) if isinstance(table, dict) else {}
