"""Listings, byte for byte."""

import pytest

from protocols.ftp.listings import build_facts, build_list, build_mlsd, build_nlst, without_switches
from protocols.uploads import Entry

FILE = Entry("a b.txt", False, 253, 1_774_400_405)
FOLDER = Entry("2026", True, 0, 1_774_137_600)


def test_list_looks_like_ls() -> None:
    assert build_list([FOLDER, FILE]).decode().splitlines() == [
        "drwxr-xr-x 2 trambox trambox          0 Mar 22  2026 2026",
        "-rw-r--r-- 1 trambox trambox        253 Mar 25  2026 a b.txt",
    ]


def test_names_stand_alone() -> None:
    assert build_nlst([FOLDER, FILE]) == b"2026\r\na b.txt\r\n"


def test_facts_end_in_a_semicolon_before_the_name() -> None:
    assert build_facts(FILE) == "type=file;size=253;modify=20260325010005;perm=adfrw;"
    assert build_mlsd([FOLDER]) == b"type=dir;modify=20260322000000;perm=cdelmp; 2026\r\n"


def test_an_empty_folder_lists_nothing() -> None:
    assert build_list([]) == build_nlst([]) == build_mlsd([]) == b""


@pytest.mark.parametrize(
    ("argument", "path"),
    [("", ""), ("-a", ""), ("-la /TB_A", "/TB_A"), ("-a -l x y", "x y"), ("TB-A", "TB-A"), (" /x", "/x")],
)
def test_switches_are_no_path(argument: str, path: str) -> None:
    assert without_switches(argument) == path
