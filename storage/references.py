"""Looks for what an inventory names but nobody has: neither the file nor the database."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from storage.entries import Inventory
from storage.models import AccountRow, AreaRow, DestinationRow, ProviderRow, StationRow


class Missing(NamedTuple):
    """Something that must exist and does not, with its place in the file."""

    where: str
    value: str | None
    problem: str
    mend: str


async def missing_references(inventory: Inventory) -> list[Missing]:
    """Every broken reference, and every new login that nobody could use for want of a password or a key."""
    destinations = {entry.name for entry in inventory.destinations} | await _kept(DestinationRow, "name")
    providers = {entry.username for entry in inventory.providers} | await _kept(ProviderRow, "username")
    areas = {entry.name for entry in inventory.areas} | await _kept(AreaRow, "name")
    stations = {entry.code for entry in inventory.stations} | await _kept(StationRow, "code")
    missing = [
        Missing(f"stations[{index}].destinations[{at}]", name, "is no destination", f"add [[destinations]] {name!r}")
        for index, station in enumerate(inventory.stations)
        for at, name in enumerate(station.destinations)
        if name not in destinations
    ]
    missing += [
        Missing(f"vehicles[{index}].provider", vehicle.provider, "is no provider", "add it under [[providers]]")
        for index, vehicle in enumerate(inventory.vehicles)
        if vehicle.provider and vehicle.provider not in providers
    ]
    missing += _unknown_stations("accounts", [account.stations for account in inventory.accounts], stations)
    missing += _unknown_stations("pulls", [pull.stations for pull in inventory.pulls], stations)
    missing += _unknown_stations("recipients", [recipient.stations for recipient in inventory.recipients], stations)
    missing += [
        Missing(f"recipients[{index}].areas[{at}]", name, "is no area", f"add [[areas]] {name!r}")
        for index, recipient in enumerate(inventory.recipients)
        for at, name in enumerate(recipient.areas)
        if name not in areas
    ]
    missing += _unknown_stations("areas", [area.stations for area in inventory.areas], stations)
    missing += [
        Missing(f"works[{index}].rules[{at}].{role}", str(place), "is of no station", "add it under [[stations]]")
        for index, work in enumerate(inventory.works)
        for at, rule in enumerate(work.rules)
        for role, place in rule.items()
        if isinstance(place, str) and "/" in place and place.rpartition("/")[0] not in stations
    ]
    return missing + await _without_credentials(inventory)


def _unknown_stations(table: str, named: Iterable[Sequence[str]], stations: set[str]) -> list[Missing]:
    """What the `stations` lists of a table's entries name and nobody has."""
    return [
        Missing(f"{table}[{index}].stations[{at}]", code, "is no station", "add it under [[stations]]")
        for index, codes in enumerate(named)
        for at, code in enumerate(codes)
        if code not in stations
    ]


async def _without_credentials(inventory: Inventory) -> list[Missing]:
    accounts, providers = await _kept(AccountRow, "username"), await _kept(ProviderRow, "username")
    missing = [
        Missing(f"accounts[{index}].password", None, "is missing in a new account", "add a password or a public_key")
        for index, account in enumerate(inventory.accounts)
        if not (account.password or account.public_keys or account.username in accounts)
    ]
    return missing + [
        Missing(f"providers[{index}].password", None, "is missing in a new provider", "add one")
        for index, provider in enumerate(inventory.providers)
        if not (provider.password or provider.username in providers)
    ]


async def _kept(
    model: type[DestinationRow] | type[ProviderRow] | type[StationRow] | type[AccountRow] | type[AreaRow], column: str
) -> set[str]:
    return {str(name) for name in await model.all().values_list(column, flat=True)}
