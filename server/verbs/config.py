"""`trambox config check` and `trambox config example`."""

import argparse
import dataclasses

from conf.coherence import without_password
from conf.example import example_text
from conf.kinds import kind_of
from conf.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two things one can ask."""
    parser.add_argument("what", choices=("check", "example"), help="say what is in force, or print an example file")


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Print the settings in force (faults were refused before), or the example file."""
    if args.what == "example":
        print(example_text(), end="")
        return 0
    sections = {
        section.name: {
            key.name: without_password(kind_of(key).write(getattr(getattr(settings, section.name), key.name)))
            for key in dataclasses.fields(getattr(settings, section.name))
        }
        for section in dataclasses.fields(settings)
    }
    for section, keys in sections.items():
        print(f"[{section}]")
        for key, value in keys.items():
            print(f"{key} = {value}")
    return 0
