"""`trambox restore` refuses what is no backup."""

from pathlib import Path

import pytest

from server.__main__ import main


def test_a_folder_that_is_no_backup_is_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", str(tmp_path)], {"TRAMBOX_SERVER_DATA_DIR": str(tmp_path / "new")}) == 1
    assert capsys.readouterr().err.startswith("trambox: not restored: ")
