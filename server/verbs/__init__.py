"""The verbs of the command line, as a table; each is one file with `add_arguments` and `run`."""

import argparse
from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from conf.settings import Settings
from server.verbs import (
    archive,
    audit,
    backup,
    check,
    config,
    demo,
    importing,
    nightly,
    replay,
    restore,
    serve,
    status,
    user,
)


class Verb(NamedTuple):
    """One verb; `run` answers the exit code."""

    explanation: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "serve": Verb("run the server until SIGTERM or SIGINT", serve.add_arguments, serve.run),
        "demo": Verb("run the server in a simulated world", demo.add_arguments, demo.run),
        "import": Verb("bring an inventory file into the database", importing.add_arguments, importing.run),
        "user": Verb("add and list the people of the console, set passwords", user.add_arguments, user.run),
        "check": Verb("read station files as the intake would", check.add_arguments, check.run),
        "replay": Verb("feed history files through journal and actors", replay.add_arguments, replay.run),
        "status": Verb("the console as a text table", status.add_arguments, status.run),
        "nightly": Verb("do at once what the running server does each night", nightly.add_arguments, nightly.run),
        "archive": Verb("move complete days of waypoints to Parquet at once", archive.add_arguments, archive.run),
        "audit": Verb("the conservation sums as JSON", audit.add_arguments, audit.run),
        "backup": Verb("copy everything into a new folder, also while running", backup.add_arguments, backup.run),
        "restore": Verb("put a backup into an empty data folder", restore.add_arguments, restore.run),
        "config": Verb("check the configuration, or print an example", config.add_arguments, config.run),
    }
)
