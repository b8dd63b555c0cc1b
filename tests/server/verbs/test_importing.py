"""`trambox import`."""

import json
from pathlib import Path

import pytest

from server.__main__ import main
from server.verbs.importing import shown
from storage.inventory import FieldChange

SAMPLE = Path(__file__).parents[3] / "conf" / "sample.toml"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"TRAMBOX_SERVER_DATA_DIR": str(tmp_path / "var")}


def test_the_sample_is_imported_once_and_then_changes_nothing(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(SAMPLE)], environ) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "8 added (0 unchanged)"
    assert main(["import", str(SAMPLE)], environ) == 0
    assert capsys.readouterr().out == "nothing changed (8 unchanged)\n"


def test_a_change_is_printed_field_by_field_without_secrets(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(SAMPLE)], environ)
    capsys.readouterr()
    text = SAMPLE.read_text(encoding="utf-8").replace("grace_s = 120", "grace_s = 60").replace("change-me", "changed")
    (file := tmp_path / "new.toml").write_text(text, encoding="utf-8")
    assert main(["import", str(file)], environ) == 0
    shown = capsys.readouterr().out
    assert "changed  station HY_MAUX_NUOSXL\n           grace_s: 120 -> 60\n" in shown
    assert "password_hash: ***" in shown
    assert "tudong:***@127.0.0.1" in shown
    assert "changed-" not in shown
    assert "$argon2" not in shown


def test_secrets_inside_of_tables_are_not_printed_either() -> None:
    was = {"kind": "file", "url": "ftp://logger:word@h/in", "secret": ""}
    printed = shown(FieldChange("sampler", was, {**was, "kind": "webhook", "secret": "quiet"}))
    assert "logger:***@h" in printed
    assert "word" not in printed
    assert "quiet" not in printed


def test_a_file_with_faults_is_refused_whole(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        SAMPLE.read_text(encoding="utf-8")
        .replace('provider = "gps1"', 'provider = "gps2"')
        .replace("lat = 20", "lat = 200")
    )
    (file := tmp_path / "faulty.toml").write_text(text, encoding="utf-8")
    assert main(["import", str(file)], environ) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[2].split(" = ")[0] for line in lines] == ["stations[0].lat", "vehicles[0].provider"]
    assert main(["import", str(SAMPLE)], environ) == 0
    assert "8 added" in capsys.readouterr().out


def test_changes_are_given_as_json_lines(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(SAMPLE), "--json"], environ) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first == {"table": "destination", "name": "bo", "what": "added", "fields": {}}


def test_vehicles_come_from_a_sheet_and_its_empty_cells_keep_what_is_there(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sheet := tmp_path / "xe.csv").write_text("Biển số,Công ty,Số ghế\n29B-1,Sông Hồng,45\n", encoding="utf-8")
    assert main(["import", str(sheet)], environ) == 0
    assert "added    vehicle 29B1" in capsys.readouterr().out
    sheet.write_text("Biển số,Công ty,Số ghế\n29B1,,30\n", encoding="utf-8")
    assert main(["import", str(sheet)], environ) == 0
    assert "seats: 45 -> 30" in (told := capsys.readouterr().out) and "company" not in told
    sheet.write_text("Biển số,Số ghế\n29B2,5\n29B3,x\n", encoding="utf-8")
    assert main(["import", str(sheet)], environ) == 2
    assert "row 3.seats" in capsys.readouterr().err
    sheet.write_text("Biển số,Đơn vị cung cấp\n29B2,\n\n29B3,ai\n", encoding="utf-8")
    assert main(["import", str(sheet)], environ) == 2
    assert "row 4.provider = 'ai': is no provider" in capsys.readouterr().err
