"""`trambox user`."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from server.__main__ import main


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("TRAMBOX_PASSWORD", "long-enough")
    return {"TRAMBOX_SERVER_DATA_DIR": str(tmp_path / "var")}


def test_an_added_person_is_listed(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "add", "an", "--role", "operator"], environ) == 0
    capsys.readouterr()
    assert main(["user", "list", "--json"], environ) == 0
    person = json.loads(capsys.readouterr().out)
    assert (person["name"], person["role"]) == ("an", "operator")


@pytest.mark.parametrize("place", [1, 3, 5])
def test_the_configuration_may_be_named_anywhere(tmp_path: Path, environ: dict[str, str], place: int) -> None:
    (tmp_path / "own.toml").write_text(f'[server]\ndata_dir = "{tmp_path / "own"}"\n')
    words = ["user", "add", "an", "--role", "admin"]
    assert main([*words[:place], "--config", str(tmp_path / "own.toml"), *words[place:]], {}) == 0
    assert (tmp_path / "own" / "trambox.db").exists()


def test_a_name_is_added_only_once(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "add", "an", "--role", "admin"], environ) == 0
    assert main(["user", "add", "an", "--role", "viewer"], environ) == 1
    assert "is there already" in capsys.readouterr().err


def test_a_password_can_be_set_anew(environ: dict[str, str]) -> None:
    main(["user", "add", "an", "--role", "admin"], environ)
    assert main(["user", "passwd", "an"], environ) == 0


def test_nobody_has_no_password(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["user", "add", "an", "--role", "admin"], environ)
    assert main(["user", "passwd", "binh"], environ) == 1
    assert "nobody is named binh" in capsys.readouterr().err


def test_a_short_password_is_refused(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAMBOX_PASSWORD", "short")
    assert main(["user", "add", "an", "--role", "admin"], environ) == 2
    assert "too short" in capsys.readouterr().err


def test_without_a_terminal_the_variable_is_needed(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TRAMBOX_PASSWORD")
    assert main(["user", "add", "an", "--role", "admin"], environ) == 2
    assert "set TRAMBOX_PASSWORD" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a b", "../x", "x" * 65])
def test_a_name_is_one_plain_word(environ: dict[str, str], name: str) -> None:
    assert main(["user", "add", name, "--role", "admin"], environ) == 2


def test_what_a_person_sees_is_narrowed_and_widened(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "add", "lan", "--role", "viewer", "--company", "Sông Hồng"], environ) == 0
    assert "sees company Sông Hồng" in capsys.readouterr().out
    assert main(["user", "scope", "lan", "--terminal", "Giáp Bát"], environ) == 0
    main(["user", "list", "--json"], environ)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["sees"] == "terminal Giáp Bát"
    assert main(["user", "scope", "lan", "--all"], environ) == 0
    assert main(["user", "scope", "nobody", "--all"], environ) == 1
    assert main(["user", "scope", "lan", "--company", " "], environ) == 2


def test_a_company_is_named_with_its_department(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Two departments may each have a company of one name; the only one of a name needs no department."""
    assert (
        main(["user", "add", "lan", "--role", "viewer", "--company", "Hoàng Long", "--department", "Sở A"], environ)
        == 0
    )
    assert "sees company Hoàng Long of Sở A" in capsys.readouterr().out
    assert main(["user", "scope", "lan", "--company", "Hoàng Long", "--department", "-"], environ) == 0
    assert "of no department" in capsys.readouterr().out
    assert main(["user", "scope", "lan", "--terminal", "Giáp Bát", "--department", "Sở A"], environ) == 2
    assert main(["user", "scope", "lan"], environ) == 2
    with closing(sqlite3.connect(Path(environ["TRAMBOX_SERVER_DATA_DIR"]) / "trambox.db")) as store, store:
        for number, department in ((1, "Sở A"), (2, "Sở B")):
            store.execute(
                "INSERT INTO vehicles (id, plate, provider, company, department, business, registered) "
                "VALUES (?, ?, '', 'Hoàng Long', ?, '', 1)",
                (number, f"29A{number}", department),
            )
    capsys.readouterr()
    assert main(["user", "scope", "lan", "--company", "Hoàng Long"], environ) == 1
    assert "Sở A, Sở B" in capsys.readouterr().err
    with closing(sqlite3.connect(Path(environ["TRAMBOX_SERVER_DATA_DIR"]) / "trambox.db")) as store, store:
        store.execute("DELETE FROM vehicles WHERE id = 2")
    assert main(["user", "scope", "lan", "--company", "Hoàng Long"], environ) == 0
    assert "sees company Hoàng Long of Sở A" in capsys.readouterr().out
