"""Lets Python find the compiled modules before their sources; where there are none, nothing changes but the speed.

It is installed by `server/__init__.py`, before anything else of ours is imported: half a set beside half its sources
would be two classes of one name.
"""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from types import ModuleType
from typing import NamedTuple

from typing_extensions import override

from server.compiled.modules import HOT, CompiledSet, find_set

PLAIN = "TRAMBOX_PLAIN"
"""A variable of the environment: not empty, the sources are run as they are."""


class CompiledFinder(MetaPathFinder):
    """Knows the machine code of the hot modules, or why there is none."""

    def __init__(self, found: CompiledSet) -> None:
        self._files, self.reason = found

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        file = self._files.get(fullname)
        return None if file is None else spec_from_file_location(fullname, file)


def install() -> None:
    """Use the compiled modules from now on, if they may be used."""
    if not any(isinstance(finder, CompiledFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, CompiledFinder(usable()))


def usable() -> CompiledSet:
    """The set that this process may use: none where it was told so, or runs a source already."""
    if os.environ.get(PLAIN):
        return CompiledSet({}, f"{PLAIN} is set")
    if any(module in sys.modules for module in HOT):
        return CompiledSet({}, "a source was imported before")
    return find_set()


class Standing(NamedTuple):
    """Whether this process runs the hot modules compiled, and why not."""

    compiled: bool
    reason: str


def standing() -> Standing:
    """How this process runs the hot modules."""
    reasons = [finder.reason for finder in sys.meta_path if isinstance(finder, CompiledFinder)]
    return Standing(reasons == [""], "".join(reasons))
