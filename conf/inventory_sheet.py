"""Reads vehicles from a sheet: `.xlsx`, `.xls` or `.csv`, one row each under a row of headings.

Headings are the keys of `[[vehicles]]` or their Vietnamese words, with or without accents, in any order. An empty cell
says nothing: what is kept of that vehicle stays. Cells are values; a formula is refused, never computed.

Invariant: a sheet with one fault is refused whole, and every fault names its row as the office program counts it.
"""

import csv
import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from conf.faults import ConfigFault, ConfigurationFaults, did_you_mean
from conf.inventory_traffic import read_vehicle
from conf.table_reader import TableReader
from protocols.formats.workbook import NoWorkbook, is_workbook, workbook_text
from storage.entries import Inventory, VehicleEntry

SUFFIXES = (".xlsx", ".xls", ".csv")
MOST_BYTES = 32 << 20
MOST_ROWS = 200_000
MOST_FAULTS = 200
HEADINGS: dict[str, tuple[str, ...]] = {
    "plate": ("bien so", "bien so xe", "bien kiem soat", "bien kiem soat xe"),
    "provider": ("don vi truyen", "don vi cung cap"),
    "company": ("cong ty", "don vi van tai", "don vi kinh doanh van tai", "ten don vi kinh doanh van tai"),
    "department": ("so", "so giao thong van tai", "ten so giao thong van tai", "so gtvt", "so xay dung"),
    "terminal": ("ben xe",),
    "business": ("loai hinh", "loai hinh kinh doanh", "loai hinh van tai"),
    "seats": ("so ghe", "so cho"),
    "payload_kg": ("tai trong", "tai trong (kg)", "trong tai", "trong tai (kg)"),
    "speed_limit_kmh": ("gioi han toc do", "gioi han toc do (km/h)", "toc do gioi han", "toc do gioi han (km/h)"),
    "device": ("thiet bi", "so thiet bi"),
    "sim": ("sim", "so sim"),
    "vin": ("so khung",),
}
NUMBERS = ("seats", "payload_kg", "speed_limit_kmh")
_KEYS = {word: key for key, words in HEADINGS.items() for word in (key, key.replace("_", " "), *words)}


def is_sheet(file: Path) -> bool:
    """Whether a file is named as a sheet."""
    return file.suffix.lower() in SUFFIXES


def read_vehicle_sheet(file: Path) -> tuple[Inventory, list[ConfigFault], tuple[str, ...]]:
    """Read the vehicles of a sheet, and the place of each; where there are faults, they are only good to look for more.

    Raises:
        ConfigurationFaults: the file cannot be read as a sheet at all.
    """
    faults: list[ConfigFault] = []
    rows = _rows(file)
    if not rows:
        raise _unreadable(file, "is empty", "write headings in the first row, a vehicle in each row below")
    columns = _columns(rows[0], faults)
    entries: list[VehicleEntry] = []
    places: list[str] = []
    first: dict[str, str] = {}
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells) or len(faults) >= MOST_FAULTS:
            continue
        where = f"row {number}"
        told = len(faults)
        table = _table(where, columns, cells, faults)
        entry = read_vehicle(TableReader(where, table, faults))
        if "plate" not in columns:  # that was told of row 1
            faults[told:] = [fault for fault in faults[told:] if fault.where != f"{where}.plate"]
        if entry.plate and entry.plate in first:
            faults.append(ConfigFault(where, entry.plate, f"stands already in {first[entry.plate]}", "keep one"))
        elif not entry.plate and "plate" in table and not any(fault.where == f"{where}.plate" for fault in faults):
            faults.append(ConfigFault(f"{where}.plate", None, "has no letter or digit", "write e.g. 29A12345"))
        first.setdefault(entry.plate, where)
        entries.append(entry)
        places.append(where)
    return Inventory(vehicles=tuple(entries)), faults, tuple(places)


def _columns(headings: Sequence[str], faults: list[ConfigFault]) -> list[str | None]:
    """The key of each column; empty for one without a heading, None for one whose heading was told as a fault."""
    columns: list[str | None] = []
    for number, heading in enumerate(headings, 1):
        word = _plain(heading)
        key: str | None = _KEYS.get(word, "" if not word else None)
        if key is None:
            faults.append(ConfigFault(f"column {number}", heading, "is an unknown heading", did_you_mean(word, _KEYS)))
        elif key and key in columns:
            faults.append(ConfigFault(f"column {number}", heading, "stands twice", "keep one"))
            key = None
        columns.append(key)
    if "plate" not in columns:
        faults.append(ConfigFault("row 1", None, "has no column for the plate", 'head one "Biển số" or "plate"'))
    return columns


def _table(
    where: str, columns: Sequence[str | None], cells: Sequence[str], faults: list[ConfigFault]
) -> dict[str, object]:
    """One row as a table of the inventory; what is no number stays text, so that the reader states the fault."""
    table: dict[str, object] = {}
    for number, cell in enumerate(cells):
        text = cell.strip()
        key = columns[number] if number < len(columns) else ""
        if not text or key is None:
            continue
        if not key:
            faults.append(ConfigFault(where, text[:40], f"column {number + 1} has no heading", "head it or clear it"))
        elif text.startswith(("=", "@")):
            faults.append(ConfigFault(f"{where}.{key}", text[:40], "is a formula", "write the value itself"))
        else:
            table[key] = _number(text) if key in NUMBERS else text
    return table


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text.replace(",", "."))
        except ValueError:
            continue
    return text


def _rows(file: Path) -> list[list[str]]:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(file, f"cannot be read ({error.strerror})", "give the path of a readable file") from error
    if len(data) > MOST_BYTES:
        raise _unreadable(file, f"is longer than {MOST_BYTES >> 20} MB", "import it in parts")
    if is_workbook(data):
        try:
            text, mark = workbook_text(data).decode(), "\t"
        except NoWorkbook as error:
            raise _unreadable(file, error.detail, "or save it as .csv in UTF-8") from error
        return [line.split(mark) for line in text.split("\r\n")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(file, f"is not UTF-8 at byte {error.start}", "save it as CSV in UTF-8") from None
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise _unreadable(file, f"is no CSV: {error}", "save it again as CSV in UTF-8") from error
    if len(rows) > MOST_ROWS:
        raise _unreadable(file, f"holds more than {MOST_ROWS} rows", "import it in parts")
    return rows


def _plain(heading: str) -> str:
    """A heading in small letters without accents."""
    parted = unicodedata.normalize("NFD", heading.casefold().replace("đ", "d"))
    return " ".join("".join(char for char in parted if not unicodedata.combining(char)).split())


def _unreadable(file: Path, problem: str, mend: str) -> ConfigurationFaults:
    return ConfigurationFaults(str(file), [ConfigFault("file", None, problem, mend)])
