"""An inventory in a real database: what changes, and what does not."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from storage.database import Database
from storage.entries import (
    AccountEntry,
    DestinationEntry,
    Inventory,
    ParameterEntry,
    ProviderEntry,
    StationEntry,
    VehicleEntry,
)
from storage.inventory import VERSION_COUNTER, Change, FieldChange, apply
from storage.models import AccountRow, CounterRow, ParameterRow, RegistrationRow, StationRow, VehicleRow
from storage.passwords import verify_password

COD = ParameterEntry(
    "COD", "mg/L", ("COD_out",), (0, 500), 5, {"value": 75.0}, {"range": {"fail_lo": 0}, "spike": False}
)
STATION = StationEntry("A", "wastewater", destinations=("bo",), parameters=(COD, ParameterEntry("pH")))
SAMPLE = Inventory(
    destinations=(DestinationEntry("bo", "files", "ftp://u:p@h/{medium}"),),
    providers=(ProviderEntry("gps1", "provider-word", ("127.0.0.0/8",), ("tracking.gps1",)),),
    stations=(STATION,),
    vehicles=(VehicleEntry("29A12345", "gps1", speed_limit_kmh=80),),
    accounts=(AccountEntry("a", "account-word", stations=("A",)),),
)


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite://{tmp_path}/trambox.db")
    await opened.migrate()
    yield opened
    await opened.close()


def told(changes: list[Change]) -> dict[str, str]:
    return {f"{change.table} {change.name}": change.what for change in changes if change.what != "unchanged"}


@pytest.mark.asyncio
async def test_a_first_import_adds_every_row(database: Database) -> None:
    assert told(await apply(database, SAMPLE)) == {
        "destination bo": "added",
        "provider gps1": "added",
        "station A": "added",
        "parameter A COD": "added",
        "parameter A pH": "added",
        "vehicle 29A12345": "added",
        "account a": "added",
    }
    station = await StationRow.get(code="A")
    cod = await ParameterRow.get(station_id=station.id, symbol="COD")
    assert (station.destinations, cod.aliases, cod.measuring_range, cod.qc) == (
        ["bo"],
        ["COD_out"],
        [0, 500],
        {"range": {"fail_lo": 0}, "spike": False},
    )


@pytest.mark.asyncio
async def test_a_second_import_changes_nothing(database: Database) -> None:
    await apply(database, SAMPLE)
    before = await AccountRow.get(username="a")
    assert told(await apply(database, SAMPLE)) == {}
    assert (await AccountRow.get(username="a")).password_hash == before.password_hash


@pytest.mark.asyncio
async def test_only_a_hash_of_a_password_is_kept(database: Database) -> None:
    await apply(database, SAMPLE)
    account = await AccountRow.get(username="a")
    assert account.password_hash.startswith("$argon2id$")
    assert verify_password(account.password_hash, "account-word")


@pytest.mark.asyncio
async def test_a_changed_field_is_told_with_both_values(database: Database) -> None:
    await apply(database, SAMPLE)
    station = dataclasses.replace(STATION, grace_s=60, parameters=None)
    changes = await apply(database, Inventory(stations=(station,)))
    assert changes == [Change("station", "A", "changed", (FieldChange("grace_s", 120, 60),))]


@pytest.mark.asyncio
async def test_what_the_file_leaves_out_goes_back_to_its_default(database: Database) -> None:
    await apply(database, SAMPLE)
    await apply(database, Inventory(stations=(StationEntry("A", "wastewater"),)))
    assert (await StationRow.get(code="A")).destinations == []


@pytest.mark.asyncio
async def test_a_parameter_the_file_no_longer_names_is_removed(database: Database) -> None:
    await apply(database, SAMPLE)
    station = dataclasses.replace(STATION, parameters=(COD,))
    assert told(await apply(database, Inventory(stations=(station,)))) == {"parameter A pH": "removed"}


@pytest.mark.asyncio
async def test_an_account_without_a_password_keeps_its_own(database: Database) -> None:
    await apply(database, SAMPLE)
    await apply(database, Inventory(accounts=(AccountEntry("a", stations=("A",)),)))
    assert verify_password((await AccountRow.get(username="a")).password_hash, "account-word")


@pytest.mark.asyncio
async def test_a_new_password_is_told_as_a_change(database: Database) -> None:
    await apply(database, SAMPLE)
    (change,) = await apply(database, Inventory(accounts=(AccountEntry("a", "another-word", stations=("A",)),)))
    assert [field.field for field in change.fields] == ["password_hash"]


@pytest.mark.asyncio
async def test_a_vehicle_that_came_by_itself_becomes_registered(database: Database) -> None:
    await VehicleRow.create(id=1, plate="29A12345")
    await apply(database, SAMPLE)
    assert (await VehicleRow.get(plate="29A12345")).registered


@pytest.mark.asyncio
async def test_the_version_grows_only_with_a_change(database: Database) -> None:
    for _ in range(2):
        await apply(database, SAMPLE)
        assert (await CounterRow.get(name=VERSION_COUNTER)).value == 1


@pytest.mark.asyncio
async def test_an_import_leaves_an_account_the_stations_of_its_approved_registrations(database: Database) -> None:
    """They were given at the console, where no file knows of them."""
    await apply(database, SAMPLE)
    await StationRow.create(code="33_hochuaB", kind="hydromet", cadence_s=3600, grace_s=60)
    facts: dict[str, Any] = {"account": "a", "received_ms": 0}
    for number, (code, state) in enumerate([("33_hochuaB", "approved"), ("33_cauC", "approved"), ("A", "rejected")], 1):
        await RegistrationRow.create(id=number, file_id=number, code=code, state=state, **facts)
    await AccountRow.filter(username="a").update(stations=["A", "33_hochuaB"])
    assert told(await apply(database, SAMPLE)) == {}
    assert (await AccountRow.get(username="a")).stations == ["A", "33_hochuaB"]
