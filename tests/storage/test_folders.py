"""How the file system's troubles are told, and that several writers do not disturb each other."""

import errno
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from protocols.errors import NoSuchPath, PathRefused, StorageFull
from storage.folders import Folders, as_upload_errors


@pytest.mark.parametrize(
    ("code", "told_as"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.ENOENT, NoSuchPath),
        (errno.ELOOP, PathRefused),
        (errno.ENAMETOOLONG, PathRefused),
        (errno.EIO, OSError),
    ],
)
def test_a_trouble_is_told_in_the_areas_words_and_a_sick_disk_as_it_is(code: int, told_as: type[Exception]) -> None:
    with pytest.raises(told_as) as caught, as_upload_errors():
        raise OSError(code, "trouble")
    assert type(caught.value) is told_as


def test_many_writers_of_one_name_each_keep_their_bytes(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    bodies = [str(number).encode() for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        names = list(threads.map(lambda body: folders.add(("a", "b"), "x.txt", body, durable=False), bodies))
    assert len(set(names)) == 40
    assert [folders.read(("a", "b", name)) for name in names] == bodies
    folders.close()


def test_nothing_is_left_aside_after_a_refused_write(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.make_folder(("x",))
    with pytest.raises(PathRefused):
        folders.replace((), "x", b"1")
    assert list((tmp_path / ".unfinished").iterdir()) == []
    folders.close()
