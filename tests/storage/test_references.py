"""What a file refers to stands in the file or in the database."""

from pathlib import Path

import pytest

from storage.database import Database
from storage.entries import (
    AccountEntry,
    AreaEntry,
    DestinationEntry,
    Inventory,
    ProviderEntry,
    RecipientEntry,
    StationEntry,
    VehicleEntry,
)
from storage.inventory import apply
from storage.references import missing_references

WHOLE = Inventory(
    destinations=(DestinationEntry("bo", "files"),),
    providers=(ProviderEntry("gps1", "provider-word"),),
    stations=(StationEntry("A", "air", destinations=("bo",)),),
    vehicles=(VehicleEntry("29A12345", "gps1"),),
    accounts=(AccountEntry("a", "account-word", stations=("A",)),),
)


async def places(folder: Path, inventory: Inventory, before: Inventory | None = None) -> list[str]:
    database = await Database.open(f"sqlite://{folder}/trambox.db")
    await database.migrate()
    try:
        if before is not None:
            await apply(database, before)
        return [missing.where for missing in await missing_references(inventory)]
    finally:
        await database.close()


@pytest.mark.asyncio
async def test_a_file_may_refer_to_itself(tmp_path: Path) -> None:
    assert await places(tmp_path, WHOLE) == []


@pytest.mark.asyncio
async def test_every_broken_reference_is_listed(tmp_path: Path) -> None:
    broken = Inventory(
        providers=(ProviderEntry("gps2"),),
        stations=(StationEntry("A", "air", destinations=("bo",)),),
        vehicles=(VehicleEntry("29A12345", "gps1"), VehicleEntry("29A12346")),
        accounts=(
            AccountEntry("a", "w", stations=("A", "B")),
            AccountEntry("b"),
            AccountEntry("c", public_keys=("k",)),
        ),
    )
    assert await places(tmp_path, broken) == [
        "stations[0].destinations[0]",
        "vehicles[0].provider",
        "accounts[0].stations[1]",
        "accounts[1].password",
        "providers[0].password",
    ]


@pytest.mark.asyncio
async def test_a_reference_may_stand_in_the_database(tmp_path: Path) -> None:
    later = Inventory(
        stations=(StationEntry("B", "air", destinations=("bo",)),),
        vehicles=(VehicleEntry("29A12346", "gps1"),),
        accounts=(AccountEntry("a", stations=("A", "B")),),
        providers=(ProviderEntry("gps1"),),
    )
    assert await places(tmp_path, later, before=WHOLE) == []


@pytest.mark.asyncio
async def test_a_recipient_answers_for_areas_that_exist(tmp_path: Path) -> None:
    asks = Inventory(recipients=(RecipientEntry("truc", areas=("ven_song", "nui")),))
    assert await places(tmp_path, asks, Inventory(areas=(AreaEntry("ven_song"),))) == ["recipients[0].areas[1]"]
