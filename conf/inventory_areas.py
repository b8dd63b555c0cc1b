"""Reads `[[areas]]`, which a disaster may strike together, and `[[works]]`, whose stations must agree."""

from typing import Any

from actors.rules.consistency import RULES, ConsistencyRule
from conf.table_reader import TableReader
from storage.entries import AreaEntry, WorkEntry

NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
NAME_MEND = "write letters, digits, and _ . - inside, e.g. ven_bien"
PLACE_MEND = 'write "STATION/SYMBOL", e.g. "TRAM_A/HTL"'


def read_area(table: TableReader) -> AreaEntry:
    """Read one area."""
    entry = AreaEntry(
        name=table.text("name", required=True, longest=96, pattern=NAME, mend=NAME_MEND),
        title=table.text("title"),
        stations=table.texts("stations") or (),
    )
    table.finish()
    return entry


def read_work(table: TableReader) -> WorkEntry:
    """Read one work; each of its rules names a series for every value that the rule reads."""
    name = table.text("name", required=True, longest=96, pattern=NAME, mend=NAME_MEND)
    title = table.text("title")
    rules = tuple(_rule(each) for each in table.tables("rules", f"{table.where}.rules") or ())
    table.finish()
    return WorkEntry(name, title, rules)


def _rule(table: TableReader) -> dict[str, object]:
    name = table.choice("rule", RULES)
    kept: dict[str, object] = {"rule": name}
    if not name:
        table.rest()
        return kept
    for role in RULES[name].reads:
        place = table.text(role, required=True, mend=PLACE_MEND)
        if place and not all(place.rpartition("/")[::2]):
            table.fault(role, place, "names no series", PLACE_MEND)
        kept[role] = place
    options: dict[str, Any] = table.rest()
    try:
        ConsistencyRule.from_table({"rule": name, **options})
    except ValueError as error:
        problem, _, mend = str(error).partition("; ")
        table.fault("rule", name, problem.removeprefix("qc.consistency: "), mend)
    return kept | options
