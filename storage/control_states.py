"""Control states of stored readings in SQL, and the statement that writes down which of them something changes.

Invariant: whole numbers and names of tests only stand in the text; the statement compares with what stands before the
change it tells of, so it comes before that change in its transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from protocols.flags import NEIGHBOURED, OUTER_TESTS
from protocols.verdict import IS_ACTIVE, SHIFT

CHANGED = (
    "INSERT INTO control_changes (id, station_id, parameter, time_s, file_id, line, was, now, at_ms) "
    "SELECT {before} + ROW_NUMBER() OVER (ORDER BY number), station_id, parameter, time_s, file_id, line, was, now, "
    "{at_ms} FROM (SELECT id AS number, station_id, parameter, time_s, file_id, line, {was} AS was, {now} AS now "
    f"FROM readings WHERE {{where}} AND file_id <= {{published}} AND {IS_ACTIVE}) AS changing WHERE was <> now"
)
HAS_HOUR = (
    "CASE WHEN EXISTS (SELECT 1 FROM hourly WHERE hourly.station_id = readings.station_id "
    "AND hourly.parameter = readings.parameter AND hourly.hour_s = (readings.time_s + 3599) / 3600 * 3600{more}) "
    "THEN 1 ELSE 0 END"
)
"""Completeness is known where the hour that a reading belongs to is made."""
STATES = ("chua_kiem_soat", "kiem_soat_chua_day_du", "da_kiem_soat")
"""None, some, all of the mandatory tests evaluated (QĐ 338/QĐ-KTTV); `actors/rules/flags.py` names them."""


def evaluated_sql(test: str) -> str:
    """1 where a test of a reading has said anything but NOT_EVALUATED, else 0."""
    if test == "completeness":
        return HAS_HOUR.format(more="")
    column, place = ("outer_flags", 4 * OUTER_TESTS[test]) if test in OUTER_TESTS else ("verdict", SHIFT[test])
    return f"CASE WHEN (({column} >> {place}) & 15) IN (0, 2) THEN 0 ELSE 1 END"


def state_sql(tests: Sequence[str], *, with_neighbours: bool, known: Mapping[str, str]) -> str:
    """The control state of a row of `readings`.

    Args:
        tests: the mandatory ones; `with_neighbours` adds the spatial one for readings that have neighbours enough.
        known: SQL of 1 or 0 that counts for a test instead of what stands.
    """
    parts, total = [known.get(test) or evaluated_sql(test) for test in tests], str(len(tests))
    if with_neighbours:
        spatial = known.get("spatial") or evaluated_sql("spatial")
        parts.append(f"CASE WHEN (outer_flags & {NEIGHBOURED}) = 0 THEN 0 ELSE {spatial} END")
        total = f"({total} + CASE WHEN (outer_flags & {NEIGHBOURED}) = 0 THEN 0 ELSE 1 END)"
    done, (none, some, every) = f"({' + '.join(parts)})", STATES
    return f"CASE WHEN {done} = 0 THEN '{none}' WHEN {done} = {total} THEN '{every}' ELSE '{some}' END"


def changes_statement(
    where: str, was: str, now: str, *, first_id: int, published_file: int, at_ms: int, given: Sequence[Any] = ()
) -> tuple[str, tuple[Any, ...]]:
    """Write down the readings of published files whose state is another now."""
    numbers = {"before": int(first_id) - 1, "published": int(published_file), "at_ms": int(at_ms)}
    return CHANGED.format(where=where, was=was, now=now, **numbers), tuple(given)
