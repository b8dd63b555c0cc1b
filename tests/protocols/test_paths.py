"""Client paths and what names say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import PathRefused
from protocols.paths import final_name, is_temporary, name_of, normalise, parent_of, station_of, time_in_name
from protocols.times import parse_stamp

CODES = ("TB_CAPH", "TB_CAPH_NUOSXL", "NUO001")


@pytest.mark.parametrize(
    ("folder", "typed", "path"),
    [
        ("/", "a.txt", "/a.txt"),
        ("/TB/2026", "a.txt", "/TB/2026/a.txt"),
        ("/TB/2026", "/b", "/b"),
        ("/TB/2026", "..", "/TB"),
        ("/TB", "../../../etc/passwd", "/etc/passwd"),
        ("/", "TB\\2026\\03\\a.txt", "/TB/2026/03/a.txt"),
        ("/", "//TB//2026/./a.txt", "/TB/2026/a.txt"),
        ("/", "..\\..\\windows", "/windows"),
        ("/", "%2e%2e/a%00.txt", "/%2e%2e/a%00.txt"),
        ("/TB", "", "/TB"),
        ("/", "Nhie\u0323\u0302t.txt", "/Nhi\u1ec7t.txt"),
    ],
)
def test_a_typed_path_becomes_one_clean_absolute_path(folder: str, typed: str, path: str) -> None:
    assert normalise(typed, folder) == path


@pytest.mark.parametrize("typed", ["a\x00b", "a\nb", "a\rb", "\x1b[2J", "a\x7f", "a\x85b", "a\u2028b", "\ud800"])
def test_a_control_character_is_refused(typed: str) -> None:
    with pytest.raises(PathRefused):
        normalise(typed)


@pytest.mark.parametrize("typed", ["x" * 256, "ệ" * 100, "/".join(["folder"] * 200)])
def test_an_over_long_path_is_refused(typed: str) -> None:
    with pytest.raises(PathRefused):
        normalise(typed)


@given(st.text(st.sampled_from("./\\~ aệ\u0323\x00%")), st.text(st.sampled_from("./\\ a")))
def test_no_text_leaves_the_root(typed: str, folder: str) -> None:
    try:
        path = normalise(typed, normalise(folder))
    except PathRefused:
        return
    assert path.startswith("/")
    assert path == "/" or not {"", ".", ".."} & set(path[1:].split("/"))
    assert normalise(path) == path


def test_a_path_is_its_folder_and_its_name() -> None:
    assert (parent_of("/TB/2026/a.txt"), name_of("/TB/2026/a.txt")) == ("/TB/2026", "a.txt")
    assert (parent_of("/a"), name_of("/")) == ("/", "")


@pytest.mark.parametrize(
    ("temporary", "final"),
    [
        ("a.txt.tmp", "a.txt"),
        ("a.txt.PART", "a.txt"),
        ("a.txt.filepart", "a.txt"),
        ("a.txt.partial", "a.txt"),
        ("a.txt.upload", "a.txt"),
        (".a.txt", "a.txt"),
        (".in.a.txt.", "a.txt"),
        ("a.txt~", "a.txt"),
        ("tmp.a.txt", "a.txt"),
        ("tmp_a.txt", "a.txt"),
        ("TEMP_a.txt", "a.txt"),
        (".a.txt.tmp", "a.txt"),
        (".tmp", ".tmp"),
    ],
)
def test_a_temporary_name_is_known_and_gives_its_final_one(temporary: str, final: str) -> None:
    assert is_temporary(temporary)
    assert final_name(temporary) == final


@pytest.mark.parametrize("name", ["a.txt", "tmp", "part.txt", "TB_1_20260325000000.txt", "a.tmp.txt"])
def test_a_final_name_is_no_temporary_one(name: str) -> None:
    assert not is_temporary(name)
    assert final_name(name) == name


@pytest.mark.parametrize(
    ("path", "station"),
    [
        ("/TB_CAPH_NUOSXL_20260325000000.txt", "TB_CAPH_NUOSXL"),
        ("/TB_CAPH_20260325000000.txt", "TB_CAPH"),
        ("/tb_caph_nuosxl_20260325000000.txt", "TB_CAPH_NUOSXL"),
        ("/NUO001/2026/TB_CAPH_20260325000000.txt", "TB_CAPH"),
        ("/data/nuo001/2026/20260325000000.txt", "NUO001"),
        ("/.TB_CAPH_20260325000000.txt.tmp", "TB_CAPH"),
        ("/TB_CAPHX_20260325000000.txt", None),
        ("/other/20260325000000.txt", None),
    ],
)
def test_name_then_folder_say_the_station(path: str, station: str | None) -> None:
    assert station_of(path, CODES) == station


def test_an_only_station_owns_whatever_comes() -> None:
    assert station_of("/other/file.txt", ("NUO001",)) == "NUO001"


def test_without_stations_nobody_owns_a_path() -> None:
    assert station_of("/NUO001_20260325000000.txt", ()) is None


@pytest.mark.parametrize("name", ["TB_1_20260325000500.txt", "20260325000500", "X20260325000500.csv.tmp"])
def test_fourteen_digits_before_the_extension_are_a_time(name: str) -> None:
    assert time_in_name(name) == parse_stamp("20260325000500")


@pytest.mark.parametrize(
    "name", ["TB_20261325000500.txt", "TB_202603250005.txt", "TB_120260325000500.txt", "TB_20260325000500_1.txt", ""]
)
def test_other_digits_are_no_time(name: str) -> None:
    assert time_in_name(name) is None
