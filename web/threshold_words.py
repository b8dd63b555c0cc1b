"""Says a test's thresholds in words with their units: what is suspect, what fails, over how long. Pure but for words.

A key without words (of a test that says more than numbers) is shown as it is written in the inventory.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from web.words import Words

COUNTS = frozenset({"reanchor", "n_min", "n_max", "k_sus", "k_fail", "sigma_min", "gradient"})
"""Keys without a unit."""
NO_UNITS = ("", "-")
"""How an inventory writes that a parameter has none."""
METRES = frozenset({"radius_m", "dz_max_m"})
UNITS_OF_TIME = (("day", 86400), ("hour", 3600), ("minute", 60))


def duration(say: Words, seconds: float) -> str:
    """A duration in the largest unit that it is a whole number of."""
    for name, length_s in UNITS_OF_TIME:
        if seconds >= length_s and seconds % length_s == 0:
            return say(f"duration.{name}", count=f"{seconds / length_s:g}")
    return say("duration.second", count=f"{seconds:g}")


def amount(say: Words, key: str, value: object, unit: str) -> str:
    """A key's value with its unit."""
    if isinstance(value, list | tuple):
        many: list[Any] = list(value)
        return ", ".join(f"{one:02}:00" if key == "reset_hours" else str(one) for one in many)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if key.endswith("_s"):
        return duration(say, value)
    if key in METRES:
        return f"{value:g} m"
    return f"{value:g}" if key in COUNTS or unit in NO_UNITS else f"{value:g} {unit}"


def unit_of(say: Words, key: str, unit: str) -> str:
    """What a key counts in, as it is stored."""
    if key.endswith("_s"):
        return say("duration.second", count="").strip()
    return "m" if key in METRES else "" if key in COUNTS or unit in NO_UNITS else unit


def phrase(say: Words, test: str, key: str, value: str) -> str:
    """What a key means, around its value."""
    word = say.table.get(f"threshold.{test}.{key}")
    return f"{key} {value}" if word is None else word.format(value=value)


def phrases(say: Words, test: str, table: object, unit: str) -> list[str]:
    """Everything that a test's table sets; what it leaves open is left out."""
    return list(_phrases(say, test, table, unit)) if isinstance(table, Mapping) else []


def _phrases(say: Words, test: str, table: Mapping[str, Any], unit: str) -> Iterator[str]:
    for key, value in table.items():
        if value is None or value is False or value == [] or (key in ("sum_s", "gradient") and not value):
            continue
        if key == "exclude" and isinstance(value, Mapping):
            yield from _exclusion(say, value, unit)
        else:
            yield phrase(say, test, key, amount(say, key, value, unit))


def _exclusion(say: Words, exclude: Mapping[str, Any], unit: str) -> Iterator[str]:
    for key in ("le", "ge"):
        if exclude.get(key) is not None:
            yield phrase(say, "exclude", key, amount(say, key, exclude[key], unit))
    other = exclude.get("when")
    for key, sign in (("when_le", "≤"), ("when_ge", "≥")):
        if other and exclude.get(key) is not None:
            yield phrase(say, "exclude", "when", f"{other} {sign} {exclude[key]:g}")
    if exclude.get("night"):
        yield phrase(say, "exclude", "night", "")


def fields(say: Words, test: str, table: object, unit: str) -> list[dict[str, Any]]:
    """The numbers of a table as the fields of a form: key, what it means, its value and unit."""
    if not isinstance(table, Mapping):
        return []
    named: Mapping[str, Any] = table
    return [
        {
            "key": key,
            "label": phrase(say, test, key, "…"),
            "value": "" if value is None else f"{value:.12g}",
            "unit": unit_of(say, key, unit),
        }
        for key, value in named.items()
        if f"threshold.{test}.{key}" in say.table
        and (value is None or (isinstance(value, int | float) and not isinstance(value, bool)))
    ]
