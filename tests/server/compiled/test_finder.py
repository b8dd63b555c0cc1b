import os
import subprocess
import sys
from importlib import import_module

import pytest

from server.compiled.finder import PLAIN, standing
from server.compiled.modules import HOT, ROOT


def test_this_process_runs_all_hot_modules_or_none_compiled() -> None:
    files = [str(import_module(module).__file__) for module in HOT]
    assert {file.endswith(".py") for file in files} == {not standing().compiled}
    assert standing().compiled is not bool(standing().reason)


def test_whoever_asks_for_the_sources_gets_them() -> None:
    program = "import server, actors.vehicle; print(actors.vehicle.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, PLAIN: "1"}, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == str(ROOT / "actors" / "vehicle.py")


def test_half_a_set_is_not_used_beside_a_source_that_runs_already() -> None:
    program = "import actors.rules.bands; from server.compiled.finder import usable; print(usable())"
    plain = {key: value for key, value in os.environ.items() if key != PLAIN}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=plain, capture_output=True, check=True)
    assert b"a source was imported before" in done.stdout


@pytest.mark.skipif(not os.environ.get("CI") or bool(os.environ.get(PLAIN)), reason="asked where CI runs compiled")
def test_ci_tests_the_compiled_modules() -> None:
    assert standing().reason == ""
