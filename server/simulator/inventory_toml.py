"""An inventory as TOML text, in the words of `trambox import`.

Invariant: read back, the text gives the same records; what a field leaves at its default is not written.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any

from storage.entries import Inventory, ParameterEntry


def inventory_toml(inventory: Inventory) -> str:
    """Write a whole inventory."""
    lines: list[str] = []
    for table in fields(inventory):
        for entry in getattr(inventory, table.name):
            lines += ["", f"[[{table.name}]]", *_entry(entry, table.name)]
    return "\n".join(lines).lstrip() + "\n"


def _entry(entry: Any, table: str) -> Iterator[str]:
    parameters: Sequence[ParameterEntry] = ()
    for field in fields(entry):
        value = getattr(entry, field.name)
        if field.name == "parameters":
            parameters = value or ()
        elif value != _default(field):
            yield f"{field.name} = {_value(value)}"
    for parameter in parameters:
        yield f"[[{table}.parameters]]"
        yield from _entry(parameter, f"{table}.parameters")


def _default(field: Field[Any]) -> object:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items() if each is not None) + " }"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)
