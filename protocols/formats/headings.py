"""The words that TT 13/2023 puts over its columns, in every spelling that people type them.

A heading is compared without accents, case, spaces and punctuation: `Kinh độ`, `Kinhdo` and `KINH DO` are one.
Source: TT 13/2023/TT-BTNMT Phụ lục I (bảng 3 to 22) and II (bảng 23).
"""

import unicodedata
from collections.abc import Sequence

STATION, LONGITUDE, LATITUDE, TIME, ELEMENT, VALUE, UNIT, PLACE = (
    "station",
    "longitude",
    "latitude",
    "time",
    "element",
    "value",
    "unit",
    "place",
)
HEADINGS = {
    "tram": STATION,
    "tentram": STATION,
    "matram": STATION,
    "kinhdo": LONGITUDE,
    "vido": LATITUDE,
    "thoigian": TIME,
    "yeuto": ELEMENT,
    "yeutoquantrac": ELEMENT,
    "giatri": VALUE,
    "donvi": UNIT,
    "donvido": UNIT,
    "toado": PLACE,
    "toadotram": PLACE,
    "stt": "number",
}


def fold(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if letter.isalnum() and letter.isascii())


def heading_of(cell: str) -> str:
    """Which column a heading names; empty for any other text."""
    return HEADINGS.get(fold(cell), "") if cell and len(cell) < 40 else ""


def read_headings(cells: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by a row of headings; empty where the row is none."""
    found = {name: at for at, cell in enumerate(cells) if (name := heading_of(cell))}
    return found if {ELEMENT, TIME, VALUE} <= found.keys() else {}
