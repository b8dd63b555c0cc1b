"""Reads one TOML table key by key and notes every fault with its place.

Each method takes a key and answers a value of the wanted type, or the default where the key is absent or at fault; so a
reader goes on after a fault and finds the next one. Call `finish` last: it notes the keys nobody asked for.
"""

import ipaddress
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from conf.faults import ConfigFault, did_you_mean

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


class TableReader:
    """A table at `where` (e.g. `stations[3]`); faults go to the list all readers of a file share."""

    def __init__(self, where: str, table: Mapping[str, object], faults: list[ConfigFault]) -> None:
        self.where = where
        self._table = table
        self._faults = faults
        self._asked: list[str] = []

    def fault(self, key: str, value: object, problem: str, mend: str) -> None:
        """Note a fault at a key of this table."""
        self._faults.append(ConfigFault(f"{self.where}.{key}", value, problem, mend))

    @property
    def has_faults(self) -> bool:
        """Whether anything at or under this table was noted."""
        return any(fault.where.startswith(f"{self.where}.") for fault in self._faults)

    def has(self, key: str) -> bool:
        """Whether the file says anything at this key."""
        return key in self._table

    def text(self, key: str, *, required: bool = False, longest: int = 200, pattern: str = "", mend: str = "") -> str:
        """A string without control characters; `pattern` must match all of it."""
        value = self._take(key, required, mend or "add it")
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(key, value, "is not a string", mend or 'write it as "..."')
        elif required and not value:
            self.fault(key, value, "is empty", mend or "fill it in")
        elif len(value) > longest:
            self.fault(key, value[:40] + "...", f"is longer than {longest} characters", "shorten it")
        elif _UNPRINTABLE.search(value):
            self.fault(key, value, "holds a control character", "take it out")
        elif pattern and value and not re.fullmatch(pattern, value):
            self.fault(key, value, "is not of the right form", mend)
        else:
            return value
        return ""

    def choice(self, key: str, choices: Iterable[str], default: str = "") -> str:
        """One of a list of words; required where there is no default."""
        words = [str(choice) for choice in choices]
        value = self._take(key, not default, f"write one of {', '.join(words)}")
        if value is None:
            return default
        if value not in words:
            self.fault(key, value, "is not one of the choices", did_you_mean(str(value), words))
            return default
        return str(value)

    def number(self, key: str, *, low: float = -math.inf, high: float = math.inf) -> float | None:
        """A finite number within [low, high], or None."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.fault(key, value, "is not a number", "write a plain number, e.g. 20.45")
        elif not low <= value <= high:
            self.fault(key, value, "is out of range", f"write a number from {low:g} to {high:g}")
        else:
            return float(value)
        return None

    def integer(self, key: str, *, low: int, high: int) -> int | None:
        """A whole number within [low, high], or None."""
        value = self._take(key)
        if value is None:
            return None
        if type(value) is int and low <= value <= high:
            return value
        self.fault(key, value, "is not a whole number in range", f"write a whole number from {low} to {high}")
        return None

    def flag(self, key: str, default: bool) -> bool:
        """A boolean."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.fault(key, value, "is not a boolean", "write true or false")
        return default

    def texts(self, key: str, *, choices: Iterable[str] = ()) -> tuple[str, ...] | None:
        """A list of strings, each once; None where the key is absent."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, list):
            self.fault(key, value, "is not a list", 'write it as ["...", "..."]')
            return ()
        words, known = list[str](), list(choices)
        for index, word in enumerate(value):
            at = f"{key}[{index}]"
            if not isinstance(word, str) or not word or _UNPRINTABLE.search(word):
                self.fault(at, word, "is not a word", 'write it as "..."')
            elif known and word not in known:
                self.fault(at, word, "is not one of the choices", did_you_mean(word, known))
            elif word in words:
                self.fault(at, word, "stands twice", "take one away")
            else:
                words.append(word)
        return tuple(words)

    def networks(self, key: str) -> tuple[str, ...] | None:
        """A list of addresses and networks in CIDR form; None where the key is absent."""
        words = self.texts(key)
        if words is None:
            return None
        networks: list[str] = []
        for index, word in enumerate(words):
            try:
                networks.append(str(ipaddress.ip_network(word)))
            except ValueError:
                self.fault(f"{key}[{index}]", word, "is not a network", _network_mend(word))
        return tuple(networks)

    def span(self, key: str) -> tuple[float, float] | None:
        """A pair [low, high] with low < high."""
        value = self._take(key)
        if value is None:
            return None
        numbers = [v for v in value if type(v) in (int, float) and math.isfinite(v)] if isinstance(value, list) else []
        if not isinstance(value, list) or len(value) != 2 or len(numbers) != 2 or not numbers[0] < numbers[1]:
            self.fault(key, value, "is not a range", "write [low, high] with low < high")
            return None
        return float(numbers[0]), float(numbers[1])

    def table(self, key: str) -> "TableReader | None":
        """A table inside this one; None where the key is absent."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault(key, value, "is not a table", "write it as { key = value, ... }")
            return None
        return TableReader(f"{self.where}.{key}", value, self._faults)

    def tables(self, key: str, at: str) -> "tuple[TableReader, ...] | None":
        """A list of tables (`[[key]]`); `at` is their place in the file, None where the key is absent."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._faults.append(
                ConfigFault(at, None, "is not a list of tables", f"write [[{key}]] on a line of its own")
            )
            return ()
        return tuple(TableReader(f"{at}[{index}]", item, self._faults) for index, item in enumerate(value))

    def table_or_tables(self, key: str) -> "tuple[TableReader, ...]":
        """A table inside this one, or a list of them; none where the key is absent."""
        if isinstance(self._table.get(key), list):
            return self.tables(key, f"{self.where}.{key}") or ()
        table = self.table(key)
        return () if table is None else (table,)

    def day(self, key: str) -> str | None:
        """A day, as TOML writes it or as text; given as `2026-01-31`."""
        value = self._take(key)
        if value is None:
            return None
        try:
            return (value if type(value) is date else date.fromisoformat(value)).isoformat()
        except (TypeError, ValueError):
            self.fault(key, value, "is not a day", "write it as 2026-01-31")
            return None

    def rest(self) -> dict[str, Any]:
        """Everything nobody asked for yet; `finish` is then satisfied with it."""
        left = {key: value for key, value in self._table.items() if key not in self._asked}
        self._asked += left
        return left

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._table:
            if key not in self._asked:
                self.fault(key, None, "is an unknown key", did_you_mean(key, self._asked))

    def _take(self, key: str, required: bool = False, mend: str = "") -> Any:
        self._asked.append(key)
        if required and key not in self._table:
            self.fault(key, None, "is missing", mend)
        return self._table.get(key)


def _network_mend(word: str) -> str:
    try:
        return f'write "{ipaddress.ip_network(word, strict=False)}"'
    except ValueError:
        return 'write e.g. "203.0.113.7" or "10.0.0.0/8"'
