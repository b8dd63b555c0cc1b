"""`trambox archive` without a running server; with one, see tests/server/test_archive_life.py."""

import json
from pathlib import Path

import pytest

from server.__main__ import main

SAMPLE = Path(__file__).parents[3] / "conf" / "sample.toml"


def test_a_box_at_rest_is_archived_in_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environ = {"TRAMBOX_SERVER_DATA_DIR": str(tmp_path / "var")}
    assert main(["import", str(SAMPLE)], environ) == 0
    capsys.readouterr()
    assert main(["archive", "--until", "2026-11-20", "--expire"], environ) == 0
    assert json.loads(capsys.readouterr().out) == {"archived": 0, "expired_waypoints": 0, "expired_violations": 0}
    assert main(["archive", "--until", "20/11/2026"], environ) == 2
