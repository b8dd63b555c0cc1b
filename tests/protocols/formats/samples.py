"""The sample files of tests/vectors, by name."""

from pathlib import Path

VECTORS = Path(__file__).parents[2] / "vectors"
STATION_FILES = sorted(path.name for path in (VECTORS / "formats").glob("*.txt"))


def station_file(name: str) -> bytes:
    return (VECTORS / "formats" / name).read_bytes()


def message(name: str) -> bytes:
    return (VECTORS / "ufms" / f"{name}.bin").read_bytes()
