"""The command line as a whole: exit codes, one line per refusal, every verb's help."""

import subprocess
import sys
from pathlib import Path

import pytest

from server.__main__ import main
from server.verbs import VERBS

ROOT = Path(__file__).parents[2]


def test_the_module_runs_as_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert all(verb in done.stdout for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_help_and_takes_a_configuration(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([verb, "--help"], {})
    assert stopped.value.code == 0
    assert "--config F" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["frob"], ["audit", "--frob"], ["user", "add", "an"], ["demo", "--speed", "x"]]
)
def test_wrong_usage_is_exit_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments, {})
    assert stopped.value.code == 2


def test_a_wrong_configuration_is_exit_2_with_one_line_per_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit"], {"TRAMBOX_WEB_BIND": "x", "TRAMBOX_FTP_BIDN": "y"}) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" = ")[0] for line in lines] == [
        "trambox: trambox.toml: TRAMBOX_WEB_BIND",
        "trambox: trambox.toml: TRAMBOX_FTP_BIDN",
    ]


def test_a_configuration_that_is_not_there_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--config", str(tmp_path / "absent.toml")], {}) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_an_unreachable_database_is_exit_2_and_its_password_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    environ = {"TRAMBOX_STORAGE_URL": "postgres://u:secret-word@127.0.0.1:1/none"}
    assert main(["audit"], environ) == 2
    shown = capsys.readouterr().err
    assert "cannot be opened" in shown
    assert "secret-word" not in shown
