"""`trambox import F`: bring an inventory, a sheet of vehicles, or zones into the database; all of it or nothing."""

import argparse
import getpass
import json
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from actors.kernel.clock import system_now
from conf.coherence import without_password
from conf.faults import ConfigFault, ConfigurationFaults
from conf.inventory import read_inventory
from conf.inventory_sheet import is_sheet, read_vehicle_sheet
from conf.settings import Settings
from conf.zones_file import read_zones
from server.inventory_stamp import leave_mark
from server.verbs.opening import opened
from storage.entries import Inventory
from storage.imports import Importer
from storage.inventory import Change, FieldChange, apply
from storage.references import missing_references
from storage.registry import with_what_is_kept
from storage.zones import apply_zones


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file."""
    told = "inventory (.toml), a sheet of vehicles (.xlsx, .xls, .csv), or zones (.geojson)"
    parser.add_argument("file", type=Path, metavar="F", help=told)
    parser.add_argument("--json", action="store_true", help="print the changes as JSON lines")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Import the file."""
    if args.file.suffix.lower() in (".geojson", ".json"):
        return await _import_zones(settings, args)
    as_sheet = is_sheet(args.file)
    places: tuple[str, ...] = ()
    if as_sheet:
        inventory, faults, places = read_vehicle_sheet(args.file)
    else:
        inventory, faults = read_inventory(args.file)
    async with opened(settings, create=True) as database:
        missing = await missing_references(inventory)
        faults += [ConfigFault(in_sheet(each.where, places), *each[1:]) for each in missing]
        if faults:
            raise ConfigurationFaults(str(args.file), faults)
        if as_sheet:
            inventory = Inventory(vehicles=await with_what_is_kept(inventory.vehicles))
        changes = await apply(database, inventory, importer(args.file))
    leave_mark(settings.server.data_dir)
    print("\n".join(_as_json(changes) if args.json else _as_text(changes)))
    return 0


def in_sheet(where: str, places: Sequence[str]) -> str:
    """The place of a fault as whoever made the sheet counts it: `vehicles[3].provider` is `row 5.provider`."""
    found = re.match(r"vehicles\[(\d+)\]", where)
    return where if found is None or not places else places[int(found[1])] + where[found.end() :]


async def _import_zones(settings: Settings, args: argparse.Namespace) -> int:
    zones, faults = read_zones(args.file)
    if faults:
        raise ConfigurationFaults(str(args.file), faults)
    async with opened(settings, create=True) as database:
        changes = await apply_zones(database, zones, importer(args.file))
    leave_mark(settings.server.data_dir)
    print("\n".join(_as_json(changes) if args.json else _as_text(changes)))
    return 0


def importer(file: Path) -> Importer:
    """Who imports: the person at the shell, also behind `sudo`."""
    try:
        who = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a number without a name
        who = str(os.getuid())
    return Importer(f"{who} (trambox import)", file.name, int(system_now() * 1000))


def _as_text(changes: Sequence[Change]) -> list[str]:
    lines = [_line(change) for change in changes if change.what != "unchanged"]
    counts = Counter(change.what for change in changes)
    summary = ", ".join(f"{counts[what]} {what}" for what in ("added", "changed", "removed") if counts[what])
    return [*lines, f"{summary or 'nothing changed'} ({counts['unchanged']} unchanged)"]


def _line(change: Change) -> str:
    text = f"{change.what:<8} {change.table} {change.name}"
    return text + "".join(f"\n           {field.field}: {shown(field)}" for field in change.fields)


def shown(field: FieldChange) -> str:
    """What a field was and is, without secrets."""
    if field.field in ("password_hash", "webhook_secret"):
        return "***"
    was, now = (json.dumps(_hidden(value), ensure_ascii=False) for value in (field.was, field.now))
    return f"{was} -> {now}"


def _hidden(value: object) -> object:
    """A value as it may stand on a screen: no password of an address, no secret, in tables as well."""
    if isinstance(value, Mapping):
        return {key: "***" if key == "secret" and inner else _hidden(inner) for key, inner in value.items()}
    return without_password(value) if isinstance(value, str) else value


def _as_json(changes: Sequence[Change]) -> list[str]:
    return [
        json.dumps(
            {
                "table": change.table,
                "name": change.name,
                "what": change.what,
                "fields": {field.field: shown(field) for field in change.fields},
            },
            ensure_ascii=False,
        )
        for change in changes
    ]
