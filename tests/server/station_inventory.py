"""A smallest inventory for tests: two stations, so that a name must tell which one it speaks of."""

from pathlib import Path

CODE = "HY_TEST_NUOSXL"


def write_inventory(folder: Path, account: str = "", password: str = "") -> Path:
    """Write the inventory file, with an account for both stations where one is named; returns it."""
    file = folder / "inventory.toml"
    stations = (
        f'[[stations]]\ncode = "{code}"\nname = "Trạm thử"\nkind = "wastewater"\n' for code in (CODE, "HY_TEST_NUOVAO")
    )
    allowed = (
        f'[[accounts]]\nusername = "{account}"\npassword = "{password}"\nstations = ["{CODE}", "HY_TEST_NUOVAO"]\n'
    )
    file.write_text("\n".join([*stations, *([allowed] if account else [])]))
    return file
