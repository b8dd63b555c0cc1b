"""Province codes as data: which codes there are, and which were in force on a day.

Seven provinces kept their name but changed their code in 2025; a code alone does not say which province is meant.
Source: TT 13/2023/TT-BTNMT Bảng 2; QĐ 19/2025/QĐ-TTg.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).with_name("provinces.toml")


class Province(NamedTuple):
    """A row of the table; both days are in force, None is open."""

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    article: str

    def is_valid(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@cache
def provinces() -> tuple[Province, ...]:
    """Every row, in the table's order."""
    with _TABLE.open("rb") as file:
        rows = tomllib.load(file)["provinces"]
    return tuple(
        Province(row["code"], row["name"], row.get("valid_from"), row.get("valid_to"), row["article"]) for row in rows
    )


def province_on(code: str, day: date) -> Province | None:
    """The province that a code meant on a day; None where it meant none."""
    return next((row for row in provinces() if row.code == code and row.is_valid(day)), None)


def rows_of(code: str) -> tuple[Province, ...]:
    """Every province that a code ever meant."""
    return tuple(row for row in provinces() if row.code == code)
