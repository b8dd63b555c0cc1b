"""Compiles the hot modules with mypyc: `make compiled`, or `python -m server.compiled.building`.

mypyc takes the types that mypy has checked and writes C; the C compiler of the machine makes one library of it, so that
calls between these modules are calls in C. A box without a compiler runs the sources and is told so in one line.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from server.compiled.finder import PLAIN
from server.compiled.modules import ABI, FOLDER, HOT, ROOT, find_set, fingerprint, source_of, write_manifest

PACKAGES = "apt-get install gcc libc6-dev python3-dev"
WANTED = "--wanted"
"""Do nothing; exit code 0 where there is something to compile and something to compile it with."""


def main(arguments: list[str]) -> int:
    """Compile what is not compiled yet; exit code 1 where that cannot be."""
    if not find_set().reason:
        return 1 if WANTED in arguments else 0
    reason = lack() or ("" if WANTED in arguments else compile_alone())
    if reason:
        print(f"hot modules are not compiled; all works, but slower: {reason}", file=sys.stderr)
    return 1 if reason else 0


def lack() -> str:
    """What is missing to compile; empty for nothing."""
    compiler = str(sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"no C compiler ({PACKAGES})"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return f"no headers of Python ({PACKAGES})"
    place = next(folder for folder in FOLDER.parents if folder.is_dir())
    return "" if os.access(place, os.W_OK) else f"{place} cannot be written"


def compile_alone() -> str:
    """Compile, or wait for another who does so now and take what that one made; gives what went wrong."""
    try:
        FOLDER.parent.mkdir(parents=True, exist_ok=True)
        with FOLDER.with_name("compiled.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return compile_set() if find_set().reason else ""
    except OSError as error:
        return str(error)


def compile_set() -> str:
    """Make a set beside the one there is, then put it into its place; gives what went wrong."""
    new = FOLDER.with_name("compiled.new")
    shutil.rmtree(new, ignore_errors=True)
    sources, work = fingerprint(), new / "c"
    work.mkdir(parents=True)
    command = [sys.executable, "-m", "server.compiled.translate", str(new), *(str(source_of(name)) for name in HOT)]
    plain = {**os.environ, PLAIN: "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=plain)
    if done.returncode:
        return (done.stdout + done.stderr).strip()[-2000:]
    shutil.rmtree(work)
    places = [file.relative_to(new) for file in new.rglob(f"*{ABI}")]
    write_manifest(new, sources, {".".join(place.parts).removesuffix(ABI): str(place) for place in places})
    shutil.rmtree(FOLDER, ignore_errors=True)
    new.rename(FOLDER)
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
