"""The tree of raw files: versions, broken and big files, temporary uploads, and no way out of the root."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocols.errors import NoSuchPath, PathRefused
from storage.rawfiles import RawFiles

DAY = (2026, 3, 10)
NAME = "TB_SONG_NUOMXL_20260310103500.txt"
STATION = "TB_SONG_NUOMXL"
PLACE = f"{STATION}/2026/03/10/{NAME}"
AT_S = 1_773_113_700.0


@pytest.fixture
def files(tmp_path: Path) -> Iterator[RawFiles]:
    raw = RawFiles(tmp_path / "var")
    yield raw
    raw.close()


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_file_stands_in_its_stations_folder_of_the_day(files: RawFiles, tmp_path: Path) -> None:
    assert files.write(STATION, DAY, NAME, b"one") == PLACE
    assert everything(tmp_path / "var") == {PLACE: b"one"}


def test_another_version_of_a_name_stands_beside_the_first(files: RawFiles) -> None:
    files.write(STATION, DAY, NAME, b"one")
    assert files.write(STATION, DAY, NAME, b"two") == PLACE + ".~2"
    assert files.write(STATION, DAY, NAME, b"three") == PLACE + ".~3"
    assert files.read(PLACE) == b"one"
    assert files.read(PLACE + ".~2") == b"two"


def test_writing_the_same_bytes_again_changes_nothing(files: RawFiles, tmp_path: Path) -> None:
    files.write(STATION, DAY, NAME, b"one")
    files.write(STATION, DAY, NAME, b"two")
    assert files.write(STATION, DAY, NAME, b"two") == PLACE + ".~2"
    assert len(everything(tmp_path / "var")) == 2


def test_a_big_file_is_kept_and_shown_without_a_second_copy(files: RawFiles, tmp_path: Path) -> None:
    kept = files.keep_big(b"big" * 1000)
    assert files.show_big(kept, STATION, DAY, NAME) == PLACE
    assert files.show_big(kept, STATION, DAY, NAME) == PLACE
    assert files.read(kept) == files.read(PLACE)
    assert (tmp_path / "var" / kept).stat().st_nlink == 2


def test_another_big_file_of_that_name_stands_beside_it(files: RawFiles) -> None:
    files.show_big(files.keep_big(b"one"), STATION, DAY, NAME)
    assert files.show_big(files.keep_big(b"two"), STATION, DAY, NAME) == PLACE + ".~2"


def test_a_broken_upload_is_kept_under_a_readable_name(files: RawFiles) -> None:
    path = files.keep_broken("tb_song", f"/{STATION}/{NAME}", b"half", AT_S)
    assert path == f"broken/2026/03/10/103500_tb_song_{NAME}"
    assert files.keep_broken("tb_song", f"/{STATION}/{NAME}", b"less", AT_S) == path + ".~2"
    assert files.read(path) == b"half"


def test_a_stations_folder_is_listed(files: RawFiles) -> None:
    files.write(STATION, DAY, NAME, b"one")
    assert [(entry.name, entry.is_folder) for entry in files.list_station(STATION)] == [("2026", True)]
    (entry,) = files.list_station(STATION, "2026", "03", "10")
    assert (entry.name, entry.is_folder, entry.size) == (NAME, False, 3)


def test_a_station_without_files_has_no_folder(files: RawFiles) -> None:
    with pytest.raises(NoSuchPath):
        files.list_station(STATION)


def test_a_temporary_upload_is_replaced_renamed_and_removed(files: RawFiles, tmp_path: Path) -> None:
    files.incoming.put("tb_song", f"/{STATION}/{NAME}.tmp", b"half")
    files.incoming.put("tb_song", f"/{STATION}/{NAME}.tmp", b"whole")
    files.incoming.rename("tb_song", f"/{STATION}/{NAME}.tmp", f"/other/{NAME}.part")
    assert files.incoming.read("tb_song", f"/other/{NAME}.part") == b"whole"
    assert everything(tmp_path / "var") == {f"incoming/tb_song/other/{NAME}.part": b"whole"}
    files.incoming.remove("tb_song", f"/other/{NAME}.part")
    assert everything(tmp_path / "var") == {}


def test_temporary_uploads_survive_a_restart(files: RawFiles, tmp_path: Path) -> None:
    files.incoming.put("tb_song", "/.x.tmp", b"whole")
    again = RawFiles(tmp_path / "var")
    assert again.incoming.read("tb_song", "/.x.tmp") == b"whole"
    again.close()


def test_what_was_not_finished_before_a_crash_is_cleared_at_the_start(tmp_path: Path) -> None:
    RawFiles(tmp_path).close()
    (tmp_path / ".unfinished" / "piece").write_bytes(b"half")
    RawFiles(tmp_path).close()
    assert everything(tmp_path) == {}


def test_leftovers_are_the_temporary_files_nobody_renamed(files: RawFiles, tmp_path: Path) -> None:
    files.incoming.put("tb_song", "/2026/old.tmp", b"old")
    files.incoming.put("tb_song", "/2026/new.tmp", b"new")
    os.utime(tmp_path / "var/incoming/tb_song/2026/old.tmp", (100, 100))
    (leftover,) = files.incoming.leftovers(before_s=1000)
    assert (leftover.account, leftover.path, leftover.size, leftover.modified_s) == ("tb_song", "/2026/old.tmp", 3, 100)


def test_nothing_incoming_has_no_leftovers(files: RawFiles) -> None:
    assert files.incoming.leftovers(before_s=AT_S) == []


def test_an_empty_folder_is_remembered_listed_and_forgotten(files: RawFiles) -> None:
    files.incoming.make_folder("tb_song", f"/{STATION}/2026")
    with pytest.raises(PathRefused):
        files.incoming.make_folder("tb_song", f"/{STATION}/2026")
    assert files.incoming.entry("tb_song", f"/{STATION}/2026").is_folder
    assert [entry.name for entry in files.incoming.entries("tb_song", f"/{STATION}")] == ["2026"]
    with pytest.raises(PathRefused):
        files.incoming.remove_folder("tb_song", f"/{STATION}")
    files.incoming.remove_folder("tb_song", f"/{STATION}/2026")
    with pytest.raises(NoSuchPath):
        files.incoming.entry("tb_song", f"/{STATION}/2026")


def test_one_account_does_not_see_anothers_temporary_files(files: RawFiles) -> None:
    files.incoming.put("one", "/x.tmp", b"mine")
    with pytest.raises(NoSuchPath):
        files.incoming.read("two", "/x.tmp")


def test_a_file_is_no_folder(files: RawFiles) -> None:
    files.incoming.put("tb_song", "/x.tmp", b"1")
    with pytest.raises(PathRefused):
        files.incoming.put("tb_song", "/x.tmp/y.tmp", b"2")
    with pytest.raises(PathRefused):
        files.incoming.remove_folder("tb_song", "/x.tmp")


@pytest.mark.parametrize("name", ["../x", "a/b", "..", ".", "", "x\0y", "x\ny", "\\..\\x", "ă" * 300, "\udcff", "%2e"])
def test_no_name_leaves_its_folder(files: RawFiles, tmp_path: Path, name: str) -> None:
    paths = {files.write(name, DAY, name, b"1"), files.keep_broken(name, name, b"2", AT_S)}
    files.incoming.put(name, "/x.tmp", b"3")
    found = everything(tmp_path / "var")
    assert paths <= set(found)
    assert len(found) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["var"]
    assert all(path.count("/") <= 4 for path in found)


def test_different_names_stay_different(files: RawFiles) -> None:
    paths = {files.write(STATION, DAY, name, b"1") for name in ("a/b", "a_b", "a%2Fb", "x" * 300, "x" * 301)}
    assert len(paths) == 5


@pytest.mark.parametrize("reserved", ["incoming", "broken", "big"])
def test_a_station_cannot_take_a_reserved_folder(files: RawFiles, reserved: str) -> None:
    assert not files.write(reserved, DAY, NAME, b"1").startswith(f"{reserved}/")


def test_a_planted_link_to_a_folder_is_not_followed(files: RawFiles, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "var" / STATION).symlink_to(outside)
    with pytest.raises(PathRefused):
        files.write(STATION, DAY, NAME, b"1")
    assert list(outside.iterdir()) == []


def test_a_planted_link_to_a_file_is_neither_read_nor_written(files: RawFiles, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    files.write(STATION, DAY, "first.txt", b"1")
    (tmp_path / "var" / PLACE).symlink_to(tmp_path / "secret")
    with pytest.raises(PathRefused):
        files.read(PLACE)
    assert files.write(STATION, DAY, NAME, b"secret") == PLACE + ".~2"
    assert (tmp_path / "secret").read_bytes() == b"secret"


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a//b", "", "a/../../b", "./a"])
def test_only_paths_of_ours_are_read(files: RawFiles, path: str) -> None:
    with pytest.raises(PathRefused):
        files.read(path)


def test_a_named_pipe_is_not_read(files: RawFiles, tmp_path: Path) -> None:
    files.write(STATION, DAY, "first.txt", b"1")
    os.mkfifo(tmp_path / "var" / PLACE)
    with pytest.raises(PathRefused):
        files.read(PLACE)
