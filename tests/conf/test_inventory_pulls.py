"""`[[pulls]]` and a station's `sampler`: addresses, pace, and what is wrong with them."""

from pathlib import Path

import pytest

from conf.inventory import read_inventory
from storage.entries import Inventory

STATION = '[[stations]]\ncode = "TB_A"\nkind = "air"\n'


def read(folder: Path, text: str) -> tuple[Inventory, list[str]]:
    file = folder / "inventory.toml"
    file.write_text(text, encoding="utf-8")
    inventory, faults = read_inventory(file)
    return inventory, [str(fault) for fault in faults]


def test_a_server_is_visited_every_five_minutes_where_nothing_else_is_said(tmp_path: Path) -> None:
    text = '[[pulls]]\nname = "logger"\nurl = "sftp://u:p@127.0.0.1/d/{yyyy}/{MM}/{dd}"\nstations = ["TB_A"]\n'
    inventory, faults = read(tmp_path, text)
    assert faults == []
    (pull,) = inventory.pulls
    assert (pull.every_s, pull.look_back_days, pull.pattern, pull.enabled) == (300, 2, "*", True)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('url = "sftp://h/d"\nstations = ["A"]\n', "pulls[0].name"),
        ('name = "a"\nurl = "http://h/d"\nstations = ["A"]\n', "pulls[0].url"),
        ('name = "a"\nurl = "ftp://h/{day}"\nstations = ["A"]\n', "pulls[0].url"),
        ('name = "a"\nurl = "ftp://h/d"\n', "pulls[0].stations"),
        ('name = "a"\nurl = "ftp://h/d"\nstations = ["A"]\nevery_s = 1\n', "pulls[0].every_s"),
    ],
)
def test_what_is_wrong_with_a_server_is_named(tmp_path: Path, text: str, where: str) -> None:
    _, faults = read(tmp_path, f"[[pulls]]\n{text}")
    assert any(where in fault for fault in faults), faults


def test_a_sampler_has_fifteen_minutes_to_answer(tmp_path: Path) -> None:
    text = STATION + 'sampler = { kind = "webhook", url = "https://h/x", secret = "k" }\n'
    inventory, faults = read(tmp_path, text)
    assert faults == []
    assert inventory.stations[0].sampler == {"kind": "webhook", "url": "https://h/x", "secret": "k", "answer_s": 900}


@pytest.mark.parametrize(
    ("sampler", "where"),
    [
        ('{ kind = "pigeon", url = "ftp://h/x" }', "sampler.kind"),
        ('{ kind = "file", url = "https://h/x" }', "sampler.url"),
        ('{ kind = "file" }', "sampler.url"),
    ],
)
def test_what_is_wrong_with_a_sampler_is_named(tmp_path: Path, sampler: str, where: str) -> None:
    _, faults = read(tmp_path, f"{STATION}sampler = {sampler}\n")
    assert any(where in fault for fault in faults), faults
