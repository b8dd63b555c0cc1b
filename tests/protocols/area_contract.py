"""What every upload area must do, whoever keeps the files: the in-memory one and the real one run these same tests.

A module that collects them imports `*` and gives two fixtures: `area` (an empty `UploadArea`) and `grant` (a login for
the stations `TB_A` and `TB_B`).
"""

import pytest

from protocols.errors import NoSuchPath, PathRefused, UploadRefused
from protocols.uploads import Entry, Grant, UploadArea
from protocols.vocabulary import Fate

NAME = "TB_A_20260325000500.txt"
PLACE = f"/TB_A/2026/03/25/{NAME}"
BODY = b"COD\t16.25\tmg/l\t20260325000500\t00\r\n"
OTHER_BODY = b"COD\t17.50\tmg/l\t20260325000500\t00\r\n"

__all__ = (
    "test_a_broken_upload_is_not_listed",
    "test_a_folder_that_was_made_is_there_and_empty",
    "test_a_folder_with_files_is_not_removed",
    "test_a_kept_file_is_never_deleted",
    "test_a_missing_path_says_so",
    "test_a_name_decides_the_day_whatever_folder_was_meant",
    "test_a_place_without_a_station_is_refused",
    "test_a_renamed_temporary_file_becomes_the_upload",
    "test_a_stored_file_is_read_back_as_it_came",
    "test_a_temporary_file_can_be_taken_away",
    "test_another_body_under_the_same_name_is_a_new_file_and_the_one_that_is_read",
    "test_making_a_folder_twice_is_refused",
    "test_the_root_lists_the_stations_of_the_grant",
    "test_the_same_bytes_twice_are_a_duplicate",
)


def names(entries: list[Entry]) -> set[str]:
    return {entry.name for entry in entries}


@pytest.mark.asyncio
async def test_a_stored_file_is_read_back_as_it_came(area: UploadArea, grant: Grant) -> None:
    receipt = await area.store(grant, PLACE, BODY)
    assert receipt.fate is Fate.STORED
    assert await area.read(grant, PLACE) == BODY
    entry = await area.stat(grant, PLACE)
    assert (entry.name, entry.is_folder, entry.size) == (NAME, False, len(BODY))


@pytest.mark.asyncio
async def test_a_name_decides_the_day_whatever_folder_was_meant(area: UploadArea, grant: Grant) -> None:
    await area.store(grant, f"/{NAME}", BODY)
    assert names(await area.list(grant, "/TB_A/2026/03/25")) == {NAME}
    assert await area.read(grant, PLACE) == BODY
    assert (await area.stat(grant, f"/{NAME}")).size == len(BODY)


@pytest.mark.asyncio
async def test_the_same_bytes_twice_are_a_duplicate(area: UploadArea, grant: Grant) -> None:
    await area.store(grant, PLACE, BODY)
    assert (await area.store(grant, PLACE, BODY)).fate is Fate.DUPLICATE


@pytest.mark.asyncio
async def test_another_body_under_the_same_name_is_a_new_file_and_the_one_that_is_read(
    area: UploadArea, grant: Grant
) -> None:
    first = await area.store(grant, PLACE, BODY)
    second = await area.store(grant, PLACE, OTHER_BODY)
    assert second.fate is Fate.STORED
    assert second.file_id != first.file_id
    assert await area.read(grant, PLACE) == OTHER_BODY


@pytest.mark.asyncio
async def test_a_renamed_temporary_file_becomes_the_upload(area: UploadArea, grant: Grant) -> None:
    await area.store(grant, PLACE + ".tmp", BODY)
    assert (await area.stat(grant, PLACE + ".tmp")).size == len(BODY)
    receipt = await area.rename(grant, PLACE + ".tmp", PLACE)
    assert receipt.fate is Fate.STORED
    assert await area.read(grant, PLACE) == BODY
    with pytest.raises(NoSuchPath):
        await area.stat(grant, PLACE + ".tmp")


@pytest.mark.asyncio
async def test_a_temporary_file_can_be_taken_away(area: UploadArea, grant: Grant) -> None:
    await area.store(grant, PLACE + ".part", BODY)
    await area.remove(grant, PLACE + ".part")
    with pytest.raises(NoSuchPath):
        await area.read(grant, PLACE + ".part")


@pytest.mark.asyncio
async def test_a_kept_file_is_never_deleted(area: UploadArea, grant: Grant) -> None:
    await area.store(grant, PLACE, BODY)
    with pytest.raises(PathRefused):
        await area.remove(grant, PLACE)
    assert await area.read(grant, PLACE) == BODY


@pytest.mark.asyncio
async def test_a_broken_upload_is_not_listed(area: UploadArea, grant: Grant) -> None:
    await area.keep_broken(grant, PLACE, BODY[:10])
    with pytest.raises(NoSuchPath):
        await area.read(grant, PLACE)


@pytest.mark.asyncio
async def test_a_folder_that_was_made_is_there_and_empty(area: UploadArea, grant: Grant) -> None:
    await area.make_folder(grant, "/TB_A/2027")
    assert (await area.stat(grant, "/TB_A/2027")).is_folder
    assert await area.list(grant, "/TB_A/2027") == []
    assert "2027" in names(await area.list(grant, "/TB_A"))
    await area.remove_folder(grant, "/TB_A/2027")
    with pytest.raises(NoSuchPath):
        await area.stat(grant, "/TB_A/2027")


@pytest.mark.asyncio
async def test_making_a_folder_twice_is_refused(area: UploadArea, grant: Grant) -> None:
    await area.make_folder(grant, "/TB_A/2027")
    for path in ("/TB_A/2027", "/TB_A", "/"):
        with pytest.raises(PathRefused):
            await area.make_folder(grant, path)


@pytest.mark.asyncio
async def test_a_folder_with_files_is_not_removed(area: UploadArea, grant: Grant) -> None:
    await area.store(grant, PLACE, BODY)
    with pytest.raises(PathRefused):
        await area.remove_folder(grant, "/TB_A/2026")


@pytest.mark.asyncio
async def test_the_root_lists_the_stations_of_the_grant(area: UploadArea, grant: Grant) -> None:
    assert {"TB_A", "TB_B"} <= names(await area.list(grant, "/"))
    assert (await area.stat(grant, "/TB_B")).is_folder


@pytest.mark.asyncio
async def test_a_missing_path_says_so(area: UploadArea, grant: Grant) -> None:
    with pytest.raises(NoSuchPath):
        await area.stat(grant, PLACE)
    with pytest.raises(NoSuchPath):
        await area.read(grant, PLACE)
    with pytest.raises(NoSuchPath):
        await area.list(grant, "/TB_A/1999")
    with pytest.raises(NoSuchPath):
        await area.rename(grant, PLACE + ".tmp", PLACE)


@pytest.mark.asyncio
async def test_a_place_without_a_station_is_refused(area: UploadArea, grant: Grant) -> None:
    with pytest.raises((PathRefused, UploadRefused)):
        await area.store(grant, "/ELSEWHERE_20260325000500.txt", BODY)
