"""The nine kinds of works that must observe, as data: what each observes at least, in which units, by which schedule.

Source: TT 13/2023/TT-BTNMT Phụ lục I (works.toml has the article of each row).
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from protocols.formats.headings import fold

_TABLE = Path(__file__).with_name("works.toml")


class Observed(NamedTuple):
    """An element of a work; `units` are what its files may have beside `unit`."""

    symbol: str
    unit: str
    units: tuple[str, ...]


class Work(NamedTuple):
    """A row; `schedule` is empty where the document leaves it to others."""

    name: str
    title: str
    words: tuple[str, ...]
    elements: tuple[Observed, ...]
    schedule: str
    article: str


@cache
def works() -> tuple[Work, ...]:
    """Every kind, in the order in which their words are tried."""
    with _TABLE.open("rb") as file:
        rows = tomllib.load(file)["works"]
    return tuple(
        Work(
            row["name"],
            row["title"],
            tuple(row["words"]),
            tuple(Observed(symbol, unit, tuple(units)) for symbol, unit, *units in row["elements"]),
            row.get("schedule", ""),
            row["article"],
        )
        for row in rows
    )


def work_named(name: str) -> Work | None:
    """The kind of that name."""
    return next((work for work in works() if work.name == name), None)


def find_work(*texts: str) -> Work | None:
    """The kind that a registration speaks of; the first text that names one counts."""
    for text in texts:
        folded = fold(text)
        for work in works():
            if any(word in folded for word in work.words):
                return work
    return None
