"""Reads of registrations."""

from pathlib import Path

import pytest

from storage.models import FileRow, RegistrationRow
from storage.registrations import pending_registrations, registration, registrations, stations_among
from tests.storage.blank import open_blank


@pytest.mark.asyncio
async def test_the_newest_comes_first_with_its_file_and_only_those_that_wait_are_counted(tmp_path: Path) -> None:
    database = await open_blank(tmp_path)
    try:
        for number, state in enumerate(("approved", "pending", "pending"), 1):
            await RegistrationRow.create(
                id=number, file_id=number, code="08_a", account="tb", received_ms=number, state=state
            )
        await FileRow.create(
            id=2,
            account="tb",
            protocol="ftp",
            address="",
            name="DK_08_a.xls",
            received_ms=1,
            size=1,
            sha256="",
            fate="",
        )
        assert await pending_registrations() == 2
        found = await registrations("pending", 5)
        assert [(row.id, file.name if file else None) for row, file in found] == [(3, None), (2, "DK_08_a.xls")]
        assert len(await registrations("", 2)) == 2
        assert await registration(9) is None
        assert await stations_among(["08_a"]) == set()
    finally:
        await database.close()
