"""From an inventory file to records, with every fault listed; a file with one fault is refused whole.

What the file refers to may stand in the database already, so references are not judged here but in
`storage/inventory.py`.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from actors.rules.defaults import load_elements
from actors.rules.provinces import provinces
from conf.faults import ConfigFault
from conf.inventory_access import read_account, read_provider
from conf.inventory_areas import read_area, read_work
from conf.inventory_notices import read_recipient
from conf.inventory_pulls import read_pull
from conf.inventory_stations import StationReader
from conf.inventory_traffic import read_destination, read_vehicle
from conf.load import read_toml
from conf.table_reader import TableReader
from storage.entries import Inventory

Entry = TypeVar("Entry")


def read_inventory(file: Path) -> tuple[Inventory, list[ConfigFault]]:
    """Read an inventory; where there are faults, the records are only good for looking for more of them.

    Raises:
        ConfigurationFaults: the file cannot be read, or is not TOML.
    """
    faults: list[ConfigFault] = []
    top = TableReader("file", read_toml(file, str(file)), faults)
    stations = StationReader({province.code for province in provinces()}, load_elements())
    inventory = Inventory(
        destinations=_entries(top, "destinations", read_destination, lambda entry: entry.name, faults),
        providers=_entries(top, "providers", read_provider, lambda entry: entry.username, faults),
        stations=_entries(top, "stations", stations.read, lambda entry: entry.code, faults),
        vehicles=_entries(top, "vehicles", read_vehicle, lambda entry: entry.plate, faults),
        accounts=_entries(top, "accounts", read_account, lambda entry: entry.username, faults),
        pulls=_entries(top, "pulls", read_pull, lambda entry: entry.name, faults),
        recipients=_entries(top, "recipients", read_recipient, lambda entry: entry.name, faults),
        areas=_entries(top, "areas", read_area, lambda entry: entry.name, faults),
        works=_entries(top, "works", read_work, lambda entry: entry.name, faults),
    )
    top.finish()
    return inventory, faults


def _entries(
    top: TableReader,
    name: str,
    read: Callable[[TableReader], Entry],
    identity: Callable[[Entry], str],
    faults: list[ConfigFault],
) -> tuple[Entry, ...]:
    tables = top.tables(name, name) or ()
    entries = tuple(read(table) for table in tables)
    faults += _repeated([identity(entry) for entry in entries], tables)
    return entries


def _repeated(identities: Iterable[str], tables: Iterable[TableReader]) -> list[ConfigFault]:
    """A name may stand once only; an empty one has its own fault already."""
    first: dict[str, str] = {}
    faults: list[ConfigFault] = []
    for identity, table in zip(identities, tables, strict=True):
        if identity and identity in first:
            faults.append(ConfigFault(table.where, identity, f"stands already at {first[identity]}", "keep one"))
        first.setdefault(identity, table.where)
    return faults
