"""What a series is judged with, as plain tables: settled for all tests, hashed, and told where each came from.

Invariant: equal thresholds have equal hashes, however their tables were written; the hash is a prefix of the SHA-256 of
the canonical JSON (keys sorted, no spaces, numbers as the tests read them).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

import orjson

from actors.rules.series_thresholds import SeriesThresholds

HASH_LENGTH = 16

Tables = dict[str, object]
Kinds = Mapping[str, Callable[[Mapping[str, object], float], object]]
"""The reader of each test's table, as the inventory uses it; raises ValueError."""


class Origin(StrEnum):
    """Where a test's table comes from."""

    DEFAULT = "default"
    STATION = "station"
    CALIBRATED = "calibrated"


class TableFault(NamedTuple):
    """What is wrong with one key of the tables given."""

    field: str
    detail: str


class TablesRefused(Exception):
    """The tables given cannot be used; nothing was changed."""

    def __init__(self, faults: Sequence[TableFault]) -> None:
        super().__init__("; ".join(fault.detail for fault in faults))
        self.faults = faults


class ProposalDecided(Exception):
    """Somebody has decided on the proposal already."""


def settled_tables(
    thresholds: SeriesThresholds,
    own: Mapping[str, object],
    defaults: Mapping[str, Mapping[str, object]],
    kinds: Kinds,
    cadence_s: float,
) -> Tables:
    """Write down every test's thresholds; false is a test that is off.

    Args:
        thresholds: of the tests that the station's actor runs.
        own: the station's `qc` tables.
        defaults: the element's.
        kinds: readers of all tests; those the actor does not run are read from the tables.
    Raises:
        ValueError: a table is not one of its test.
    """
    tables: Tables = {}
    for declared in fields(thresholds):
        tables[declared.name] = _plain(getattr(thresholds, declared.name))
    for test, table in {**defaults, **own}.items():
        if test in tables:
            continue
        if isinstance(table, Mapping) and test in kinds:
            tables[test] = _plain(kinds[test](table, cadence_s))
        else:
            tables[test] = table
    return tables


def origins_of(
    tables: Mapping[str, object], own: Mapping[str, object], earlier: Mapping[str, str], was: Mapping[str, object]
) -> dict[str, str]:
    """Tell where each table comes from; one that was calibrated stays so until it changes."""
    found: dict[str, str] = {}
    for test, table in tables.items():
        if earlier.get(test) == Origin.CALIBRATED and was.get(test) == table and test in own:
            found[test] = Origin.CALIBRATED
        else:
            found[test] = Origin.STATION if test in own else Origin.DEFAULT
    return found


def canonical_hash(value: object) -> str:
    """Hash plain data."""
    return sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:HASH_LENGTH]


def _plain(thresholds: object) -> object:
    """A frozen thresholds class as a table; None is off."""
    if thresholds is None:
        return False
    if is_dataclass(thresholds) and not isinstance(thresholds, type):
        return orjson.loads(orjson.dumps(asdict(thresholds)))
    return thresholds
