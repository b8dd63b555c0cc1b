"""Writes `docs/settings.md` from the types, so that the page can never lie: `python -m conf.settings_page`."""

import dataclasses
import sys
from collections.abc import Iterator
from typing import Any

from actors.kernel.actor import Intensity
from conf.kinds import kind_of
from conf.load import PREFIX
from conf.settings import Settings
from protocols.amqp.boundary import AmqpOptions
from protocols.ftp.options import FtpOptions
from protocols.sftp.listener import SftpOptions

_HEAD = """\
# Settings

`trambox.toml` holds what differs from box to box; every key has a default, so an empty file is a whole one. It is
looked for at `--config F`, then at `TRAMBOX_CONFIG`, then in the working folder. A variable of the environment
overrides its key. Relative paths are relative to the file. Every fault is listed at once, and one fault refuses the
whole file.

`trambox config check` prints what is in force; `conf/example.toml` is this page as a file to copy. Stations, accounts,
providers, vehicles and destinations are not here: they come with `trambox import` ([inventory.md](inventory.md)).

This page is written by `python -m conf.settings_page`; a test compares the two.
"""
_LIMITS = """\
## Limits beside the code

They are no settings: a value that nobody has had a reason to change is a default of the code it belongs to.
"""
_BESIDE: tuple[tuple[type[Any], str], ...] = (
    (FtpOptions, "protocols/ftp/options.py"),
    (SftpOptions, "protocols/sftp/listener.py"),
    (AmqpOptions, "protocols/amqp/boundary.py"),
    (Intensity, "actors/kernel/actor.py"),
)
_SET_ELSEWHERE = frozenset(("host", "port", "host_key_path"))


def settings_page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_sections(), _LIMITS, *_limits()])


def _sections() -> Iterator[str]:
    for section in dataclasses.fields(Settings):
        kind: Any = section.type
        about = (kind.__doc__ or "").partition(": ")[2]
        yield f"## [{section.name}]\n\n{about[:1].upper()}{about[1:]}\n"
        yield "| key | default | variable | meaning |\n|---|---|---|---|"
        for key in dataclasses.fields(kind):
            meaning = key.metadata["help"]
            if key.metadata["choices"]:
                meaning += f"; one of {', '.join(key.metadata['choices'])}"
            default = kind_of(key).write(key.default)
            yield f"| `{key.name}` | `{default}` | `{PREFIX}{section.name.upper()}_{key.name.upper()}` | {meaning} |"
        yield ""


def _limits() -> Iterator[str]:
    sections = {key.name for section in dataclasses.fields(Settings) for key in dataclasses.fields(section.type)}  # type: ignore[arg-type]
    yield "| where | limit | value |\n|---|---|---|"
    for options, where in _BESIDE:
        for key in dataclasses.fields(options):
            if key.name not in _SET_ELSEWHERE | sections:
                yield f"| `{where}` | `{key.name}` | {key.default} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(settings_page())
