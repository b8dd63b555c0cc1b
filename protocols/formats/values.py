"""The value column: one number, or a word for none.

The text as received is kept beside the number; nothing is rounded. What is not as the rule says becomes a reason.

Source: TT 10/2021/TT-BTNMT Phụ lục 15 (decimal point); the missing words and sentinels are those of real loggers.
"""

import re
from math import isfinite
from typing import NamedTuple

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
ONE_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?")
MISSING_WORDS = frozenset(("", "nan", "null", "-", "---"))
SENTINELS = frozenset((-9999.0, -999.0))


class Value(NamedTuple):
    """A number or None, with reasons out of `missing_value, decimal_comma, value`."""

    number: float | None
    reasons: tuple[str, ...]


def read_value(text: str) -> Value:
    """Read the value column (already without spaces around it)."""
    if text.lower() in MISSING_WORDS:
        return Value(None, ("missing_value",))
    reasons: tuple[str, ...] = ()
    if not NUMBER.fullmatch(text):
        if not ONE_COMMA.fullmatch(text):
            return Value(None, ("value",))
        text = text.replace(",", ".")
        reasons = ("decimal_comma",)
    number = float(text)
    if not isfinite(number):
        return Value(None, ("value",))
    if number in SENTINELS:
        return Value(None, (*reasons, "missing_value"))
    return Value(number, reasons)


def build_value(value: float | None, raw: str) -> str:
    """Write a value with its own digits and a decimal point; a missing one as it was written."""
    if value is None:
        return raw
    return raw.replace(",", ".") if raw else repr(value)
