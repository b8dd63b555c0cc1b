"""Takes registrations of works into the inventory, or turns them down: a person's decision, once for each.

Approving writes through the same door as `trambox import`: the station, what its kind of work observes, and the right
of the account that sent the registration to bring the station's files.
Invariant: a registration is decided once; a station that stands already keeps all that the registration does not say.
"""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from actors.kernel.clock import Now
from actors.rules.works import Work, work_named
from protocols.vocabulary import StationKind
from storage.database import Database
from storage.entries import AccountEntry, Inventory, ParameterEntry, StationEntry
from storage.inventory import apply
from storage.models import AccountRow, RegistrationRow, StationRow
from storage.registrations import PENDING, RegistrationDecided

APPROVED, REJECTED = "approved", "rejected"
CADENCE_S, GRACE_S = 3600, 1800


class RegistrationDesk:
    """Decides on registrations.

    Args:
        refresh: lets the running server follow the inventory.
    """

    def __init__(self, database: Database, refresh: Callable[[], Awaitable[object]], now: Now) -> None:
        self._database = database
        self._refresh = refresh
        self._now = now

    async def approve(self, number: int, who: str, note: str, work: str = "") -> RegistrationRow:
        """Take a registration; `work` names another kind than was found. Raises LookupError, RegistrationDecided."""
        row = await self._pending(number)
        if work:
            row.work = work
        station = await StationRow.get_or_none(code=row.code)
        account = await AccountRow.get_or_none(username=row.account)
        await apply(
            self._database,
            Inventory(
                stations=(station_entry(row, station, work_named(row.work)),),
                accounts=(account_entry(account, row.code),) if account is not None else (),
            ),
        )
        await self._decide(row, APPROVED, who, note)
        await self._refresh()
        return row

    async def reject(self, number: int, who: str, note: str) -> RegistrationRow:
        """Turn a registration down; the file stays. Raises LookupError, RegistrationDecided."""
        row = await self._pending(number)
        await self._decide(row, REJECTED, who, note)
        return row

    async def _pending(self, number: int) -> RegistrationRow:
        row = await RegistrationRow.get_or_none(id=number)
        if row is None:
            raise LookupError(number)
        if row.state != PENDING:
            raise RegistrationDecided(f"{row.state} by {row.decided_by}")
        return row

    async def _decide(self, row: RegistrationRow, state: str, who: str, note: str) -> None:
        row.state, row.decided_by, row.note, row.decided_ms = state, who[:64], note[:300], int(self._now() * 1000)
        async with self._database.writing():
            await row.save()


def station_entry(row: RegistrationRow, station: StationRow | None, work: Work | None) -> StationEntry:
    """The station as the registration leaves it; what a known one observes is kept."""
    said: dict[str, Any] = {
        "name": _name(row, work),
        "facility": row.content.get("Loaicongtrinh", "")[:200],
        "owner": row.content.get("Donvi", "")[:200],
        "province": row.province,
    }
    if station is not None:
        names = [field.name for field in dataclasses.fields(StationEntry) if field.name != "parameters"]
        kept = {name: _frozen(getattr(station, name)) for name in names}
        return StationEntry(**{**kept, **{key: value for key, value in said.items() if value}})
    return StationEntry(
        code=row.code,
        kind=StationKind.HYDROMET,
        cadence_s=CADENCE_S,
        grace_s=GRACE_S,
        profile="tt13_2023",
        schedule=work.schedule if work else "",
        parameters=tuple(
            ParameterEntry(symbol, unit, qc={"syntax": {"units": list(units)}} if units else {})
            for symbol, unit, units in (work.elements if work else ())
        ),
        **said,
    )


def account_entry(account: AccountRow, code: str) -> AccountEntry:
    """The sender's account, with the station among its own."""
    names = [field.name for field in dataclasses.fields(AccountEntry) if field.name != "password"]
    kept: dict[str, Any] = {name: _frozen(getattr(account, name)) for name in names}
    kept["stations"] = tuple(dict.fromkeys((*account.stations, code)))
    return AccountEntry(**kept)


def _name(row: RegistrationRow, work: Work | None) -> str:
    title = work.title if work else row.content.get("Loaicongtrinh", "")
    return f"{title} {row.code.partition('_')[2]}".strip()[:200]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
