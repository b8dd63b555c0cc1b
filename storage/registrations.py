"""Reads the registrations of works for the console."""

from collections.abc import Collection, Iterable

from storage.models import FileRow, RegistrationRow, StationRow

PENDING, APPROVED = "pending", "approved"


class RegistrationDecided(Exception):
    """Somebody was here before; the text says what they decided."""


async def pending_registrations() -> int:
    """How many wait for somebody."""
    return await RegistrationRow.filter(state=PENDING).count()


async def registrations(state: str, limit: int) -> list[tuple[RegistrationRow, FileRow | None]]:
    """Registrations with their files, newest first; of every state where none is named."""
    query = RegistrationRow.filter(state=state) if state else RegistrationRow.all()
    rows = await query.order_by("-id").limit(limit)
    files = await FileRow.filter(id__in=[row.file_id for row in rows]).only("id", "name", "faults")
    by_id = {file.id: file for file in files}
    return [(row, by_id.get(row.file_id)) for row in rows]


async def stations_among(codes: Iterable[str]) -> set[str]:
    """Which of these codes are stations already: approving one of them changes it."""
    return {str(code) for code in await StationRow.filter(code__in=list(codes)).values_list("code", flat=True)}


async def approved_stations(accounts: Collection[str]) -> dict[str, list[str]]:
    """The stations that approved registrations gave to these accounts, by account."""
    rows = await RegistrationRow.filter(state=APPROVED, account__in=list(accounts)).order_by("id")
    known = await stations_among(row.code for row in rows)
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.code in known and row.code not in found.setdefault(row.account, []):
            found[row.account].append(row.code)
    return found


async def registration(number: int) -> tuple[RegistrationRow, FileRow | None] | None:
    """One registration with its file."""
    row = await RegistrationRow.get_or_none(id=number)
    return None if row is None else (row, await FileRow.get_or_none(id=row.file_id))
