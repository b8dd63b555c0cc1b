"""Which modules are compiled to machine code, and what a compiled set was made from.

They are those that judge each waypoint: typed, pure, and almost nothing but the interpreter's own work. What hands its
work to C already (the reader of messages, the intake, the store) gains nothing and stays as it is: decision 0022.

Invariant: a set counts only while every source it was made from has the octets of that time, so an edited file is never
shadowed by old machine code; and while its own files have theirs, so that what a power cut left of one stops no start.
"""

import ast
import json
import os
import sysconfig
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "compiled"
"""Apart from the sources, never packed, never committed."""
MANIFEST = "manifest.json"
ABI = str(sysconfig.get_config_var("EXT_SUFFIX"))
"""Python's version and the machine: a set made for others cannot be loaded."""
LIBC = (os.confstr("CS_GNU_LIBC_VERSION") or "") if "CS_GNU_LIBC_VERSION" in os.confstr_names else ""
"""The same of the C library: a folder may be copied to an older box."""
HOT = (
    "actors.kernel.actor",
    "actors.kernel.supervisor",
    "actors.rules.bands",
    "actors.rules.distance",
    "actors.rules.driving_time",
    "actors.rules.identity",
    "actors.rules.overspeed",
    "actors.rules.transmission",
    "actors.rules.vehicle_rules",
    "actors.rules.zones",
    "actors.speed_limits",
    "actors.vehicle",
    "actors.zone_grid",
    "protocols.waypoint",
)


class CompiledSet(NamedTuple):
    """Machine code by module name; where there is none, why."""

    files: dict[str, Path]
    reason: str


def source_of(module: str) -> Path:
    """The file of a module of ours."""
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def fingerprint() -> dict[str, str]:
    """What machine code is made from: the hot modules, and what they import, for its constants and types are in it."""
    named: set[str] = set(HOT)
    unread: list[str] = list(HOT)
    while unread:
        for node in ast.walk(ast.parse(source_of(unread.pop()).read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module and source_of(node.module).is_file():
                unread += {node.module} - named
                named.add(node.module)
    return {module: digest(source_of(module)) for module in sorted(named)}


def digest(file: Path) -> str:
    """What tells two versions of a file apart."""
    return sha256(file.read_bytes()).hexdigest()


def find_set(folder: Path = FOLDER) -> CompiledSet:
    """The machine code that may be used now."""
    try:
        manifest = json.loads(folder.joinpath(MANIFEST).read_bytes())
        made_from, made, octets = manifest["sources"], manifest["files"], manifest["octets"]
        made_for = manifest["abi"], manifest["libc"]
    except (OSError, ValueError, LookupError, TypeError):
        return CompiledSet({}, "not compiled: make compiled")
    if made_for != (ABI, LIBC) or not made.keys() >= set(HOT):
        return CompiledSet({}, "compiled for another Python or version: make compiled")
    try:
        changed = [module for module, known in made_from.items() if digest(source_of(module)) != known]
    except FileNotFoundError as error:
        changed = [str(error.filename)]
    if changed:
        return CompiledSet({}, f"changed since it was compiled ({changed[0]}): make compiled")
    files = {module: folder / file for module, file in made.items()}
    try:
        whole = {module: digest(file) for module, file in files.items()} == octets
    except OSError:
        whole = False
    if not whole:
        return CompiledSet({}, "a file is missing or damaged: make compiled")
    return CompiledSet(files, "")


def write_manifest(folder: Path, sources: dict[str, str], files: dict[str, str]) -> None:
    """Say what a set was made from; it is one only from now on."""
    octets = {module: digest(folder / file) for module, file in files.items()}
    manifest = {"abi": ABI, "libc": LIBC, "sources": sources, "files": files, "octets": octets}
    folder.joinpath(MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
