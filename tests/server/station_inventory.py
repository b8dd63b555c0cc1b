"""A smallest inventory for tests: two stations, so that a name must tell which one it speaks of."""

from pathlib import Path

CODE = "HY_TEST_NUOSXL"


def write_inventory(folder: Path) -> Path:
    """Write the inventory file; returns it."""
    file = folder / "inventory.toml"
    stations = (
        f'[[stations]]\ncode = "{code}"\nname = "Trạm thử"\nkind = "wastewater"\n' for code in (CODE, "HY_TEST_NUOVAO")
    )
    file.write_text("\n".join(stations))
    return file
