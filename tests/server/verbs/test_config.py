"""`trambox config`."""

import tomllib

import pytest

from conf.example import example_text
from server.__main__ import main


def test_the_settings_in_force_are_shown_without_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    environ = {"TRAMBOX_STORAGE_URL": "postgres://u:secret-word@127.0.0.1/box", "TRAMBOX_FTP_PASSIVE_PORTS": "[0, 0]"}
    assert main(["config", "check"], environ) == 0
    shown = tomllib.loads(capsys.readouterr().out)
    assert shown["storage"]["url"] == "postgres://u:***@127.0.0.1/box"
    assert shown["ftp"]["passive_ports"] == [0, 0]


def test_the_example_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "example"], {}) == 0
    assert capsys.readouterr().out == example_text()
