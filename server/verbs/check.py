"""`trambox check FILE...`: parse files as the intake would; JSON lines; exit 1 if any has a fault."""

import argparse
import json
from pathlib import Path

from conf.inventory_stations import PROFILES
from conf.settings import Settings
from protocols.formats import parse_file
from protocols.times import iso
from server.refusal import Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the files."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="station files")
    parser.add_argument("--profile", choices=PROFILES, default="auto", help="the station's format (default auto)")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Print one JSON line per file: its records and its faults."""
    del settings
    is_faulty = False
    for file in args.files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise Refusal(f"{file} cannot be read ({error.strerror})", "name a readable file", code=2) from error
        parsed = parse_file(file.name, data, args.profile)
        records = [record._asdict() | {"time": iso(record.time_s)} for record in parsed.records]
        faults = [fault._asdict() for fault in parsed.faults]
        line = {"file": str(file), "layout": parsed.layout, "records": records, "faults": faults}
        print(json.dumps(line, ensure_ascii=False))
        is_faulty = is_faulty or bool(faults)
    return 1 if is_faulty else 0
