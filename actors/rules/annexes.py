"""The report forms of TT 09/2015/TT-BGTVT as data: rows, columns, heads, and what a cell opens (annexes.toml).

A form is one entry of the file; nothing here knows any of them by number.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

WHOSE = ("department", "company", "business", "plate")
"""What a row can be, and a heading can name."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form. `behind` is what a cell opens: a kind of violation, `vehicles`, `companies` or `days`."""

    key: str
    head: str
    en: str
    shows: str
    group: str = ""
    group_en: str = ""
    behind: str = ""
    band: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """A form. `by` is what a row is; `heading` is what must or may be chosen and stands above the table."""

    number: int
    title: str
    by: tuple[str, ...]
    heading: tuple[str, ...]
    columns: tuple[Column, ...]
    opens: Mapping[str, int]
    """The form behind a row's name (`row`), its `companies` and its `vehicles`."""

    @property
    def is_of_transmission(self) -> bool:
        """Whether its rows are days with faults in transmission."""
        return "day" in self.by

    @property
    def row(self) -> str:
        """What a row is, but for its day."""
        return self.by[0]


@dataclass(frozen=True, slots=True)
class _Form:
    number: int
    title: str
    by: list[str]
    heading: list[str]
    columns: list[str]
    heads: Mapping[str, str] = field(default_factory=dict[str, str])
    opens: Mapping[str, int] = field(default_factory=dict[str, int])


@cache
def load_annexes() -> dict[int, Annex]:
    """Read every form, by number."""
    text = (files("actors.rules") / "annexes.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    columns = {row["key"]: Column(**row) for row in document["column"]}
    return {form.number: _annex(form, columns) for form in (_Form(**row) for row in document["annex"])}


def _annex(form: _Form, columns: Mapping[str, Column]) -> Annex:
    own = [replace(columns[key], head=form.heads.get(key, columns[key].head)) for key in form.columns]
    return Annex(form.number, form.title, tuple(form.by), tuple(form.heading), tuple(own), form.opens)
