"""The units a parameter's files may have, as the inventory's `qc.syntax` says: a list, or lists by symbol.

The registered unit always belongs to them. A unit of the list that measures the same is converted; the empty text says
that files may leave the unit out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from actors.rules.syntax import folded_unit

LONGEST = 24
MEND = 'write qc.syntax = { units = ["mg/L", ...] }'


@dataclass(frozen=True, slots=True)
class SyntaxUnits:
    """`units` of a parameter, or of several by their symbols (the shape of the golden vectors)."""

    units: Mapping[str, Sequence[str]]

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.syntax`; raises ValueError."""
        del cadence_s
        if unknown := set(table) - {"units"}:
            raise ValueError(f"qc.syntax: {', '.join(sorted(unknown))} is an unknown key; {MEND}")
        given = table.get("units", [])
        lists: Mapping[str, object] = given if isinstance(given, Mapping) else {"": given}
        return cls({symbol: _words(words) for symbol, words in lists.items()})

    def of(self, symbol: str) -> Sequence[str]:
        """The units of one parameter."""
        return self.units.get("", self.units.get(symbol, ()))


def _words(words: object) -> list[str]:
    listed = (
        [word for word in words if isinstance(word, str) and len(word) <= LONGEST] if isinstance(words, list) else []
    )
    if not isinstance(words, list) or len(listed) != len(words):
        raise ValueError(f"qc.syntax: units is not a list of units; {MEND}")
    return listed


def settle_units(symbol: str, unit: str, table: object) -> tuple[str, frozenset[str] | None]:
    """Give a parameter's unit and all that its files may have, folded; None where `qc.syntax` is false."""
    if table is False:
        return unit, None
    more = SyntaxUnits.from_table(table).of(symbol) if isinstance(table, Mapping) else ()
    allowed = [unit, *more] if unit or not more else list(more)
    return allowed[0], frozenset(map(folded_unit, allowed))
