"""`[[recipients]]`: who is told of what, and where letters reach them."""

from pathlib import Path

import pytest

from conf.inventory import read_inventory
from storage.entries import RecipientEntry


def read(folder: Path, text: str) -> tuple[tuple[RecipientEntry, ...], list[str]]:
    file = folder / "inventory.toml"
    file.write_text(f"[[recipients]]\n{text}", encoding="utf-8")
    inventory, faults = read_inventory(file)
    return inventory.recipients, [str(fault) for fault in faults]


def test_a_recipient_is_told_the_three_lists_where_the_file_is_silent(tmp_path: Path) -> None:
    entries, faults = read(tmp_path, 'name = "Trực ban"\nemails = ["truc.ban@example.vn"]\n')
    assert faults == []
    assert entries[0].causes == ("missing", "abnormal", "failed")


def test_everything_can_be_said(tmp_path: Path) -> None:
    (entry,), faults = read(
        tmp_path,
        'name = "Đội 1"\nwebhook = "https://example.vn/hook"\nwebhook_secret = "x"\nescalate_to = ["a@example.vn"]\n'
        'causes = ["exceeding", "destination"]\nstations = ["TB_A"]\nareas = ["ven_song"]\nkinds = ["air"]\n'
        'language = "en"\nenabled = false\n',
    )
    assert faults == []
    assert (entry.webhook, entry.kinds, entry.areas, entry.enabled) == (
        "https://example.vn/hook", ("air",), ("ven_song",), False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('name = "A"\n', "recipients[0].emails"),
        ('emails = ["a@example.vn"]\n', "recipients[0].name"),
        ('name = "A"\nemails = ["nobody"]\n', "recipients[0].emails[0]"),
        ('name = "A"\nemails = ["a@b.vn"]\nwebhook = "ftp://x"\n', "recipients[0].webhook"),
        ('name = "A"\nemails = ["a@b.vn"]\ncauses = ["rain"]\n', "recipients[0].causes"),
        ('name = "A"\nemails = ["a@b.vn"]\nphone = "1"\n', "recipients[0].phone"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, where: str) -> None:
    _, faults = read(tmp_path, text)
    assert any(where in fault for fault in faults), faults
