"""`trambox audit`."""

import json
import sqlite3
from pathlib import Path

import pytest

from server.__main__ import main

SAMPLE = Path(__file__).parents[3] / "conf" / "sample.toml"
NOTHING = {"received": 0, "stored": 0, "duplicate": 0, "refused": 0}


@pytest.fixture
def environ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    chosen = {"TRAMBOX_SERVER_DATA_DIR": str(tmp_path / "var")}
    assert main(["import", str(SAMPLE)], chosen) == 0
    capsys.readouterr()
    return chosen


@pytest.mark.parametrize("way", [[], ["--recount"]])
def test_an_empty_box_is_balanced(way: list[str], environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", *way], environ) == 0
    assert json.loads(capsys.readouterr().out) == {
        "balanced": True,
        "files": NOTHING,
        "waypoints": NOTHING,
        "destinations": {"bo": {"due": 0, "forwarded": 0, "waiting": 0, "refused": 0}},
    }


def test_an_item_without_a_fate_is_exit_1(environ: dict[str, str], tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "var" / "trambox.db", isolation_level=None)
    database.execute("INSERT INTO counters (name, value) VALUES ('files.received', 1)")
    database.close()
    assert main(["audit"], environ) == 1
    assert main(["audit", "--recount"], environ) == 0


def test_without_a_database_it_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit"], {"TRAMBOX_SERVER_DATA_DIR": str(tmp_path)}) == 2
    assert "no database at" in capsys.readouterr().err
