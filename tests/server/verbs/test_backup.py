"""`trambox backup` and `trambox restore`, one after the other."""

from pathlib import Path

import pytest

from server.__main__ import main

SAMPLE = Path(__file__).parents[3] / "conf" / "sample.toml"


def test_a_backup_is_restored_into_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = ({"TRAMBOX_SERVER_DATA_DIR": str(tmp_path / name)} for name in ("old", "new"))
    assert main(["import", str(SAMPLE)], old) == 0
    assert main(["backup", str(tmp_path / "copy")], old) == 0
    assert main(["restore", str(tmp_path / "copy")], new) == 0
    capsys.readouterr()
    assert main(["import", str(SAMPLE)], new) == 0
    assert capsys.readouterr().out.startswith("nothing changed")


def test_a_refused_backup_is_exit_1_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environ = {"TRAMBOX_SERVER_DATA_DIR": str(tmp_path / "absent")}
    assert main(["backup", str(tmp_path / "copy")], environ) == 1
    assert capsys.readouterr().err.startswith("trambox: no backup: ")
