"""`trambox serve`: run the server; exit 0 after a drained stop."""

import argparse

from conf.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: all that serve needs is in the settings."""
    del parser


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    del args
    from server.app import serve  # the other verbs start without the listeners' libraries

    return await serve(settings)
