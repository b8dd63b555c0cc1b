"""History files fed through journal and actors by the real command, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

from protocols.times import build_stamp
from tests.server.station_inventory import CODE, write_inventory

BEGIN_S = 1_795_132_800
ROOT = Path(__file__).parents[2]


def trambox(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on the data folder of a test."""
    command = [sys.executable, "-m", "server", *arguments]
    environ = {"TRAMBOX_SERVER_DATA_DIR": str(folder / "var"), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)


def write_history(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        stamp = build_stamp(BEGIN_S + 300 * number)
        (folder / f"{CODE}_{stamp}.txt").write_text(f"COD\t{30 + number % 5}.5\tmg/L\t{stamp}\t00\r\n", newline="")


def test_history_is_stored_once_however_often_it_is_replayed(tmp_path: Path) -> None:
    write_history(tmp_path / "history", 30)
    assert trambox(tmp_path, "import", str(write_inventory(tmp_path))).returncode == 0

    first = trambox(tmp_path, "replay", "history")
    assert first.stdout == "30 stored\n", first.stderr
    assert trambox(tmp_path, "replay", "history").stdout == "30 duplicate\n"

    audit = json.loads(trambox(tmp_path, "audit", "--recount").stdout)
    assert audit["balanced"]
    assert audit["files"] == {"received": 60, "stored": 30, "duplicate": 30, "refused": 0}


def test_a_file_of_no_station_is_refused_and_the_exit_code_says_so(tmp_path: Path) -> None:
    write_history(tmp_path / "history", 1)
    (tmp_path / "history" / "notes.txt").write_text("nothing to read")
    trambox(tmp_path, "import", str(write_inventory(tmp_path)))

    done = trambox(tmp_path, "replay", "history")
    assert done.returncode == 1
    assert done.stdout == "1 refused, 1 stored\n"
    assert "notes.txt" in done.stderr


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    done = trambox(tmp_path, "replay", "nowhere")
    assert done.returncode == 2
    assert "no folder at nowhere" in done.stderr
