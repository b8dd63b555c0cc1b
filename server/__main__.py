"""The command line: picks a verb, loads the settings, runs it, turns a refusal into one line and an exit code.

Exit codes: 0 done, 1 the answer is no (see the verb), 2 usage or configuration.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import uvloop

from conf.faults import ConfigurationFaults
from conf.load import load
from server.refusal import Refusal
from server.verbs import VERBS


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run one verb.

    Returns:
        The exit code. Wrong usage leaves by argparse's SystemExit(2).
    """
    chosen = build_parser().parse_args(arguments)
    try:
        settings = load(chosen.config, environ)
        return uvloop.run(VERBS[chosen.verb].run(settings, chosen))
    except ConfigurationFaults as faults:
        for line in str(faults).splitlines():
            print(f"trambox: {line}", file=sys.stderr)
        return 2
    except Refusal as refusal:
        print(f"trambox: {refusal}", file=sys.stderr)
        return refusal.code
    except KeyboardInterrupt:
        return 130


def build_parser() -> argparse.ArgumentParser:
    """The parser of all verbs, read off the table."""
    parser = argparse.ArgumentParser(prog="trambox", description="The one server box of a province.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, verb in VERBS.items():
        own = verbs.add_parser(name, help=verb.explanation, description=verb.explanation)
        own.add_argument(
            "--config", type=Path, metavar="F", help="configuration file (default: TRAMBOX_CONFIG, then trambox.toml)"
        )
        verb.add_arguments(own)
    return parser


def run() -> NoReturn:
    """Run a verb and end the process as it is: all is closed, and to take a million vehicles apart takes seconds."""
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
