import json
from pathlib import Path

import pytest

from server.compiled.modules import HOT, MANIFEST, find_set, fingerprint, write_manifest

FILES = {module: f"{module}.so" for module in HOT}


def test_a_set_counts_while_its_sources_are_what_it_was_made_from(tmp_path: Path) -> None:
    write_manifest(tmp_path, fingerprint(), FILES)
    assert find_set(tmp_path).reason.startswith("a file is missing")
    for file in FILES.values():
        tmp_path.joinpath(file).touch()
    found = find_set(tmp_path)
    assert (found.reason, found.files["actors.vehicle"]) == ("", tmp_path / "actors.vehicle.so")


@pytest.mark.parametrize("module", ["actors.vehicle", "protocols.times"])
def test_an_edited_source_is_never_shadowed_by_what_was_made_of_it_before(module: str, tmp_path: Path) -> None:
    write_manifest(tmp_path, fingerprint() | {module: "another"}, FILES)
    found = find_set(tmp_path)
    assert (found.files, module in found.reason) == ({}, True)


def test_a_set_made_from_a_file_that_is_gone_does_not_count(tmp_path: Path) -> None:
    write_manifest(tmp_path, fingerprint() | {"actors.gone": "octets"}, FILES)
    found = find_set(tmp_path)
    assert (found.files, "gone.py" in found.reason) == ({}, True)


def test_a_set_for_another_python_does_not_count(tmp_path: Path) -> None:
    write_manifest(tmp_path, fingerprint(), FILES)
    manifest = json.loads(tmp_path.joinpath(MANIFEST).read_bytes())
    tmp_path.joinpath(MANIFEST).write_text(json.dumps(manifest | {"abi": ".cpython-39.so"}))
    assert find_set(tmp_path).reason.startswith("compiled for another Python")


def test_half_a_set_does_not_count(tmp_path: Path) -> None:
    write_manifest(tmp_path, fingerprint(), {"actors.vehicle": "actors.vehicle.so"})
    assert find_set(tmp_path).files == {}


@pytest.mark.parametrize("manifest", [None, b"", b"{}", b"[]", b'{"abi": 1'])
def test_without_a_whole_manifest_there_is_no_set(manifest: bytes | None, tmp_path: Path) -> None:
    if manifest is not None:
        tmp_path.joinpath(MANIFEST).write_bytes(manifest)
    assert find_set(tmp_path).reason.startswith("not compiled")
