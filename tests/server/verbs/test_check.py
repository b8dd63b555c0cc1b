"""`trambox check`."""

import json
from pathlib import Path

import pytest

from server.__main__ import main

SOUND = b"COD\t12.50\tmg/L\t20260325000000\t00\r\n"
BROKEN = b"COD\t12,,5\tmg/L\t20260325000000\t00\r\n"


def write(folder: Path, data: bytes) -> str:
    file = folder / "HY_MAUX_NUOSXL_20260325000000.txt"
    file.write_bytes(data)
    return str(file)


def test_a_sound_file_gives_its_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(tmp_path, SOUND)], {}) == 0
    (line,) = capsys.readouterr().out.splitlines()
    answer = json.loads(line)
    assert (answer["layout"], answer["faults"]) == ("tt10_2021", [])
    (record,) = answer["records"]
    assert (record["parameter"], record["raw"], record["time"]) == ("COD", "12.50", "2026-03-25T00:00:00+07:00")


def test_a_fault_is_exit_1_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(tmp_path, SOUND + BROKEN)], {}) == 1
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert [fault["line"] for fault in faults] == [2]


def test_a_file_that_is_not_there_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "absent.txt")], {}) == 2
    assert "cannot be read" in capsys.readouterr().err
