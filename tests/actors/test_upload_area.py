"""The real area, over SQLite and the disk, keeps the contract of all areas."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from actors.upload_area import StationArea
from protocols.errors import StorageFull, TooLarge
from protocols.uploads import Grant
from tests.actors.yard import GRANT, Yard, open_yard
from tests.protocols.area_contract import *  # noqa: F403
from tests.protocols.area_contract import BODY, PLACE


@pytest_asyncio.fixture
async def yard(tmp_path: Path) -> AsyncIterator[Yard]:
    async with open_yard(tmp_path) as yard:
        yield yard


@pytest.fixture
def area(yard: Yard) -> StationArea:
    return yard.area


@pytest.fixture
def grant() -> Grant:
    return GRANT


@pytest.mark.asyncio
async def test_a_file_over_the_limit_is_refused_before_it_is_kept(yard: Yard) -> None:
    area = StationArea(yard.intake, yard.projection, yard.raw_files, yard.now, most_bytes=10)
    with pytest.raises(TooLarge):
        await area.store(GRANT, PLACE, BODY)
    assert yard.counters.get("files.received") == 0


@pytest.mark.asyncio
async def test_a_store_in_trouble_refuses_even_temporary_files(yard: Yard) -> None:
    yard.intake.closed = "disk short"
    for path in (PLACE, PLACE + ".tmp"):
        with pytest.raises(StorageFull, match="disk short"):
            await yard.area.store(GRANT, path, BODY)


@pytest.mark.asyncio
async def test_an_account_sees_nothing_of_a_station_that_is_not_its_own(yard: Yard) -> None:
    await yard.area.store(GRANT, PLACE, BODY)
    other = Grant("other", "127.0.0.1", GRANT.protocol, ("TB_B",))
    assert [entry.name for entry in await yard.area.list(other, "/")] == ["TB_B"]
