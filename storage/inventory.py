"""Writes an inventory into the tables, and says what changed.

An entry of the file is the whole truth of its row: what the file leaves out goes back to its default. Kept are
passwords the file does not name, parameters of a station the file is silent about, and rows the file does not mention.
Invariant: a second import of the same file changes nothing, not even a password's hash.
"""

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tortoise.models import Model

from storage.database import Database
from storage.entries import Inventory, StationEntry
from storage.imports import Importer, note_import
from storage.models import (
    AccountRow,
    AreaRow,
    CounterRow,
    DestinationRow,
    ParameterRow,
    ProviderRow,
    PullRow,
    RecipientRow,
    StationRow,
    VehicleRow,
    WorkRow,
)
from storage.passwords import hash_password, verify_password
from storage.registrations import approved_stations

VERSION_COUNTER = "inventory.version"
"""Grows with every import that changed something, so that a running server notices."""


class FieldChange(NamedTuple):
    """A field's value before and after."""

    field: str
    was: object
    now: object


class Change(NamedTuple):
    """What became of one row: `added, changed, removed, unchanged`."""

    table: str
    name: str
    what: str
    fields: tuple[FieldChange, ...] = ()


async def apply(database: Database, inventory: Inventory, importer: Importer | None = None) -> list[Change]:
    """Bring the tables to what the inventory says, in one transaction; call `missing_references` first."""
    accounts = await _with_hashes(AccountRow, inventory.accounts)
    providers = await _with_hashes(ProviderRow, inventory.providers)
    vehicles = [{**_columns(vehicle), "registered": True} for vehicle in inventory.vehicles]
    async with database.writing():
        changes = await bring(
            "destination", DestinationRow, "name", [_columns(each) for each in inventory.destinations]
        )
        changes += await bring("provider", ProviderRow, "username", providers)
        changes += await bring("station", StationRow, "code", [_station_columns(each) for each in inventory.stations])
        for station in inventory.stations:
            changes += await _parameters(station)
        changes += await bring("vehicle", VehicleRow, "plate", vehicles)
        approved = await approved_stations([str(each["username"]) for each in accounts])
        for each in accounts:
            given = approved.get(str(each["username"]), [])
            each["stations"] = [*each["stations"], *(code for code in given if code not in each["stations"])]
        changes += await bring("account", AccountRow, "username", accounts)
        changes += await bring("pull", PullRow, "name", [_columns(each) for each in inventory.pulls])
        changes += await bring("recipient", RecipientRow, "name", [_columns(each) for each in inventory.recipients])
        changes += await bring("area", AreaRow, "name", [_columns(each) for each in inventory.areas])
        changes += await bring("work", WorkRow, "name", [_columns(each) for each in inventory.works])
        if any(change.what != "unchanged" for change in changes):
            await bump_version()
        if importer is not None:
            await note_import(importer, [(change.table, change.what) for change in changes])
    return changes


async def bump_version(counter: str = VERSION_COUNTER) -> None:
    """Let a running server notice a change; called inside `writing()`."""
    version, _ = await CounterRow.get_or_create(name=counter, defaults={"value": 0})
    await CounterRow.filter(name=counter).update(value=version.value + 1)


async def bring(
    table: str,
    model: type[Model],
    key: str,
    wanted: Sequence[Mapping[str, Any]],
    *,
    scope: Mapping[str, Any] | None = None,
    prefix: str = "",
) -> list[Change]:
    """Insert the rows that are not there and update the fields that differ; `scope` narrows the table."""
    rows = {getattr(row, key): row for row in await model.filter(**(scope or {}))} if wanted else {}
    changes: list[Change] = []
    new: list[Model] = []
    for columns in wanted:
        name, row = str(columns[key]), rows.get(columns[key])
        if row is None:
            new.append(model(**columns, **(scope or {})))
            changes.append(Change(table, prefix + name, "added"))
            continue
        fields = _differences(row, columns)
        if fields:
            await row.update_from_dict({field.field: field.now for field in fields}).save()
        changes.append(Change(table, prefix + name, "changed" if fields else "unchanged", fields))
    await model.bulk_create(new, batch_size=500)
    return changes


def _differences(row: Model, columns: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    kept = {key: getattr(row, key) for key in columns}
    return tuple(FieldChange(key, kept[key], now) for key, now in columns.items() if kept[key] != now)


async def _parameters(entry: StationEntry) -> list[Change]:
    """The parameters the file names are all the station has."""
    if entry.parameters is None:
        return []
    station = await StationRow.get(code=entry.code)
    prefix = f"{station.code} "
    wanted = [_columns(parameter) for parameter in entry.parameters]
    changes = await bring("parameter", ParameterRow, "symbol", wanted, scope={"station_id": station.id}, prefix=prefix)
    named = {parameter.symbol for parameter in entry.parameters}
    for row in await ParameterRow.filter(station_id=station.id):
        if row.symbol not in named:
            await row.delete()
            changes.append(Change("parameter", prefix + row.symbol, "removed"))
    return changes


def _columns(entry: Any) -> dict[str, Any]:
    """An entry as the columns of its row; tuples become the lists that JSON gives back."""
    columns = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    columns.pop("password", None)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in columns.items()}


def _station_columns(entry: StationEntry) -> dict[str, Any]:
    columns = _columns(entry)
    columns.pop("parameters")
    return columns


async def _with_hashes(model: type[AccountRow] | type[ProviderRow], entries: Sequence[Any]) -> list[dict[str, Any]]:
    """Columns with the password's hash: the kept one where the given password fits it. Hashing runs beside the loop."""
    names = [entry.username for entry in entries]
    kept = {row.username: row.password_hash for row in await model.filter(username__in=names)}
    wanted: list[dict[str, Any]] = []
    for entry in entries:
        hashed = kept.get(entry.username, "")
        if entry.password:
            hashed = await asyncio.to_thread(_fitting_hash, hashed, entry.password)
        wanted.append({**_columns(entry), "password_hash": hashed})
    return wanted


def _fitting_hash(hashed: str, password: str) -> str:
    return hashed if verify_password(hashed, password) else hash_password(password)
