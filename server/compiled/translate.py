"""One run of mypyc and of the C compiler, for `building.py`: `python -m server.compiled.translate FOLDER SOURCE...`.

A process of its own, for mypyc ends it where it finds an error. Only this file needs mypy and setuptools.
"""

import sys
from pathlib import Path

from mypyc.build import mypycify
from setuptools import Distribution

OPTIONS = ("--strict", "--follow-imports=silent", "--ignore-missing-imports", "--explicit-package-bases")
"""The checks of pyproject.toml for these files alone: what they import may have no types on a box that only serves."""


def main(folder: Path, sources: list[str]) -> None:
    """Translate and compile."""
    work = folder / "c"
    extensions = mypycify(
        [*OPTIONS, f"--cache-dir={work / 'types'}", *sources], opt_level="3", debug_level="0", target_dir=str(work)
    )
    command = Distribution({"name": "hot", "ext_modules": extensions}).get_command_obj("build_ext")
    command.build_lib, command.build_temp = str(folder), str(work)
    command.ensure_finalized()
    command.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
