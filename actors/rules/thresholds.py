"""From a table of the inventory (`qc.<test> = {...}`) to a test's frozen thresholds.

A threshold class is a frozen dataclass whose fields are the table's keys. A field with `cadences(n)` stands, where the
table is silent, at n times the station's cadence.
Invariant: a table with an unknown, missing or unsuitable key is refused with a ValueError naming the key and the mend.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields
from difflib import get_close_matches
from itertools import pairwise
from math import isfinite
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def cadences(count: float) -> float:
    """Declare a duration (seconds) that defaults to so many cadences of the station."""
    declared: float = field(metadata={"cadences": count})
    return declared


def read_table(kind: type[T], where: str, table: Mapping[str, object], cadence_s: float | None = None) -> T:
    """Build thresholds of one kind from a table.

    Args:
        where: the table's own name for the complaint, e.g. `qc.step`.
        cadence_s: the station's cadence; needed by kinds with `cadences` fields the table does not give.
    Raises:
        ValueError: one sentence with the key and the mend.
    """
    known = {declared.name: declared for declared in fields(kind)}
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.5)
            mend = f"write {near[0]!r}" if near else f"use one of {', '.join(known)}"
            raise ValueError(f"{where}: unknown key {key!r}; {mend}")
    values: dict[str, Any] = {}
    for name, declared in known.items():
        if name in table:
            values[name] = _convert(declared.type, f"{where}.{name}", table[name])
        elif "cadences" in declared.metadata and cadence_s is not None:
            values[name] = declared.metadata["cadences"] * cadence_s
        elif _is_required(declared):
            raise ValueError(f"{where}: key {name!r} is missing; add {name} = ...")
    try:
        return kind(**values)
    except ValueError as fault:
        raise ValueError(f"{where}: {fault}") from None


def _is_required(declared: Field[Any]) -> bool:
    return declared.default is MISSING and declared.default_factory is MISSING


def _convert(kind: Any, where: str, value: object) -> object:
    allowed = get_args(kind) if get_origin(kind) is not Literal else ()
    if value is None and NoneType in allowed:
        return None
    plain: Any = next((option for option in allowed if option is not NoneType), kind)
    if hasattr(plain, "__dataclass_fields__"):
        if not isinstance(value, Mapping):
            raise ValueError(f"{where}: {value!r} is not a table; write {where} = {{ ... }}")
        return read_table(plain, where, value)
    if get_origin(plain) is Literal:
        if value not in get_args(plain):
            raise ValueError(f"{where}: {value!r} is unknown; use one of {', '.join(map(repr, get_args(plain)))}")
        return value
    if plain is bool:
        if not isinstance(value, bool):
            raise ValueError(f"{where}: {value!r} is not true or false; write one of them")
        return value
    if plain is str:
        if not isinstance(value, str) or not value:
            raise ValueError(f'{where}: {value!r} is not a word; write it as "..."')
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{where}: {value!r} is not a number; write a finite number without quotes")
    if plain is int and value != int(value):
        raise ValueError(f"{where}: {value!r} is not a whole number; round it")
    return plain(value)


def require_ascending(**bounds: float | None) -> None:
    """Refuse bounds that are not in the order they are named; None is no bound."""
    given = [(name, bound) for name, bound in bounds.items() if bound is not None]
    for (low_name, low), (high_name, high) in pairwise(given):
        if low > high:
            raise ValueError(f"{low_name} = {low:g} is over {high_name} = {high:g}; swap them or mend one")


def require_positive(**amounts: float | None) -> None:
    """Refuse amounts that are zero or negative; None is no amount."""
    for name, amount in amounts.items():
        if amount is not None and not amount > 0:
            raise ValueError(f"{name} = {amount:g} is not above zero; give a positive number")
