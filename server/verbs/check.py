"""`trambox check FILE...`: read files as the intake would; JSON lines; exit 1 if any has a fault.

Where there is an inventory, a file is held against its station, found by its name or named by `--station`.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from actors.dictionary import Dictionary
from actors.inspection import inspect
from actors.kernel.clock import system_now
from actors.name_check import name_faults, same_work
from actors.rules.limit_presets import load_presets
from actors.rules.syntax import CONVERTED
from actors.station_profile import settle
from conf.faults import did_you_mean
from conf.inventory_stations import PROFILES
from conf.settings import Settings
from protocols.formats import parse_file
from protocols.paths import station_of
from protocols.records import Parsed
from protocols.times import iso
from server.refusal import Refusal
from server.verbs.opening import opened
from storage.database import sqlite_path
from storage.models import ParameterRow, StationRow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the files."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="station files")
    parser.add_argument("--profile", choices=PROFILES, help="the format (default: the station's, else auto)")
    parser.add_argument("--station", metavar="CODE", help="whose files they are (default: by the file's name)")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Print one JSON line per file: its records and its faults."""
    stations = await _stations(settings, args.station)
    if args.station and args.station not in stations:
        raise Refusal(f"no station {args.station!r} in the inventory", did_you_mean(args.station, stations), code=2)
    is_faulty = False
    for file in args.files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise Refusal(f"{file} cannot be read ({error.strerror})", "name a readable file", code=2) from error
        code = args.station or _named(file.name, stations)
        dictionary, layout = stations[code] if code else (None, "auto")
        parsed = parse_file(file.name, data, args.profile or layout)
        if dictionary:
            parsed = inspect(parsed, dictionary, data, system_now())
            parsed = parsed._replace(faults=(*name_faults(file.name, code or "", system_now()), *parsed.faults))
        print(json.dumps(_answer(file, code, parsed, dictionary), ensure_ascii=False))
        is_faulty = is_faulty or bool(parsed.faults)
    return 1 if is_faulty else 0


def _answer(file: Path, code: str | None, parsed: Parsed, dictionary: Dictionary | None) -> dict[str, object]:
    records = [record._asdict() | {"time": iso(record.time_s)} for record in parsed.records]
    if dictionary:
        for record, settled in zip(records, map(dictionary.settle, parsed.records), strict=True):
            record["reasons"] = settled.reasons
            record["flag"] = int(settled.flag)
            record["symbol"] = settled.series.symbol
            if CONVERTED in settled.reasons:
                record |= {"value": settled.reading.value, "unit": settled.reading.unit, "raw_unit": settled.raw_unit}
    faults = [fault._asdict() for fault in parsed.faults]
    return {"file": str(file), "station": code, "layout": parsed.layout, "records": records, "faults": faults}


def _named(name: str, stations: Mapping[str, object]) -> str | None:
    """The station whose code begins the file's name; a lone station of the inventory is no reason to take it."""
    return station_of(name, [*stations, ""]) or same_work(name, stations)


async def _stations(settings: Settings, wanted: str | None) -> dict[str, tuple[Dictionary, str]]:
    """Every station of the inventory with its dictionary and layout; none where there is no database yet."""
    file = sqlite_path(settings.storage.url)
    if file is not None and not file.is_file():
        if wanted:
            raise Refusal(f"no database at {file}", "import an inventory first, or leave --station out", code=2)
        return {}
    async with opened(settings):
        parameters: dict[int, list[ParameterRow]] = {}
        for parameter in await ParameterRow.all().order_by("id"):
            parameters.setdefault(parameter.station_id, []).append(parameter)
        presets = load_presets()
        profiles = [settle(row, parameters.get(row.id, []), (), presets) for row in await StationRow.all()]
    return {profile.code: (Dictionary(profile), profile.layout) for profile in profiles}
