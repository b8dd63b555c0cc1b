import json
from pathlib import Path

import pytest

from server.compiled.modules import HOT, MANIFEST, find_set, fingerprint, write_manifest

FILES = {module: f"{module}.so" for module in HOT}


def keep(folder: Path, **changed: str) -> Path:
    """Write a set of these sources."""
    for file in FILES.values():
        folder.joinpath(file).write_bytes(b"machine code")
    write_manifest(folder, fingerprint() | changed, FILES)
    return folder


def test_a_set_counts_while_its_sources_are_what_it_was_made_from(tmp_path: Path) -> None:
    found = find_set(keep(tmp_path))
    assert (found.reason, found.files["actors.vehicle"]) == ("", tmp_path / "actors.vehicle.so")


@pytest.mark.parametrize("left", [None, b"", b"machine", b"\0" * 12])
def test_a_file_that_is_gone_or_that_a_power_cut_left_half_written_stops_no_start(
    left: bytes | None, tmp_path: Path
) -> None:
    file = keep(tmp_path) / FILES["actors.vehicle"]
    file.unlink()
    if left is not None:
        file.write_bytes(left)
    found = find_set(tmp_path)
    assert (found.files, found.reason.startswith("a file is missing or damaged")) == ({}, True)


@pytest.mark.parametrize("module", ["actors.vehicle", "protocols.times", "actors.zone_index"])
def test_an_edited_source_is_never_shadowed_by_what_was_made_of_it_before(module: str, tmp_path: Path) -> None:
    found = find_set(keep(tmp_path, **{module: "another"}))
    assert (found.files, module in found.reason) == ({}, True)


def test_a_set_made_from_a_file_that_is_gone_does_not_count(tmp_path: Path) -> None:
    found = find_set(keep(tmp_path, **{"actors.gone": "octets"}))
    assert (found.files, "gone.py" in found.reason) == ({}, True)


@pytest.mark.parametrize("other", [{"abi": ".cpython-39.so"}, {"libc": "glibc 2.1"}])
def test_a_set_for_another_python_or_c_library_does_not_count(other: dict[str, str], tmp_path: Path) -> None:
    keep(tmp_path)
    manifest = json.loads(tmp_path.joinpath(MANIFEST).read_bytes())
    tmp_path.joinpath(MANIFEST).write_text(json.dumps(manifest | other))
    assert find_set(tmp_path).reason.startswith("compiled for another Python")


def test_half_a_set_does_not_count(tmp_path: Path) -> None:
    keep(tmp_path)
    write_manifest(tmp_path, fingerprint(), {"actors.vehicle": "actors.vehicle.so"})
    assert find_set(tmp_path).files == {}


@pytest.mark.parametrize("manifest", [None, b"", b"{}", b"[]", b'{"abi": 1'])
def test_without_a_whole_manifest_there_is_no_set(manifest: bytes | None, tmp_path: Path) -> None:
    if manifest is not None:
        tmp_path.joinpath(MANIFEST).write_bytes(manifest)
    assert find_set(tmp_path).reason.startswith("not compiled")
