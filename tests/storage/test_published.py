"""Which files are published when the box starts."""

import pytest

from storage.models import FileRow
from storage.published import newest_file_before
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_the_newest_file_of_twenty_minutes_ago_is_found(store_url: str) -> None:
    async with opened(store_url):
        for number in (1, 2, 3):
            await FileRow.create(
                id=number, station_id=1, account="a", protocol="ftp", address="", name="x", received_ms=number * 1000,
                size=1, sha256="0" * 64, fate="stored", reason="", body=b"x",
            )  # fmt: skip
        assert [await newest_file_before(at_ms) for at_ms in (999, 2000, 9999)] == [0, 2, 3]
