"""Which modules are compiled to machine code, and what a compiled set was made from.

They are those that judge each waypoint: typed, pure, and almost nothing but the interpreter's own work. What hands its
work to C already (the reader of messages, the intake, the store) gains nothing and stays as it is: decision 0022.

Invariant: a set counts only while every source it was made from has the octets of that time, so an edited file is never
shadowed by old machine code.
"""

import ast
import json
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
    "actors.vehicle",
)


class CompiledSet(NamedTuple):
    """Machine code by module name; where there is none, why."""

    files: dict[str, Path]
    reason: str


def source_of(module: str) -> Path:
    """The file of a module of ours."""
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def fingerprint() -> dict[str, str]:
    """What machine code is made from: the hot modules, and what they import, for its constants are in it."""
    named = set(HOT)
    for module in HOT:
        for node in ast.walk(ast.parse(source_of(module).read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module and source_of(node.module).is_file():
                named.add(node.module)
    return {module: digest(module) for module in sorted(named)}


def digest(module: str) -> str:
    """What tells two versions of a source apart."""
    return sha256(source_of(module).read_bytes()).hexdigest()


def find_set(folder: Path = FOLDER) -> CompiledSet:
    """The machine code that may be used now."""
    try:
        manifest = json.loads(folder.joinpath(MANIFEST).read_bytes())
        made_from, made, abi = manifest["sources"], manifest["files"], manifest["abi"]
    except (OSError, ValueError, LookupError, TypeError):
        return CompiledSet({}, "not compiled: make compiled")
    if abi != ABI or not made.keys() >= set(HOT):
        return CompiledSet({}, "compiled for another Python or version: make compiled")
    try:
        changed = [module for module, octets in made_from.items() if digest(module) != octets]
    except FileNotFoundError as error:
        changed = [str(error.filename)]
    if changed:
        return CompiledSet({}, f"changed since it was compiled ({changed[0]}): make compiled")
    files = {module: folder / file for module, file in made.items()}
    if not all(map(Path.is_file, files.values())):
        return CompiledSet({}, "a file is missing: make compiled")
    return CompiledSet(files, "")


def write_manifest(folder: Path, sources: dict[str, str], files: dict[str, str]) -> None:
    """Say what a set was made from; it is one only from now on."""
    manifest = {"abi": ABI, "sources": sources, "files": files}
    folder.joinpath(MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
