"""Running totals in memory, equal to those in the database: the writer moves both with the same units."""

from collections.abc import Iterable

from storage.models import CounterRow
from storage.writer import Unit


class Counters:
    """Totals by name."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}

    async def load(self) -> None:
        """Read the stored totals."""
        self._values = dict(await CounterRow.all().values_list("name", "value"))

    def get(self, name: str) -> int:
        """A total; 0 where nothing was counted yet."""
        return self._values.get(name, 0)

    def stored(self, units: list[Unit]) -> None:
        """Follow units that were just committed."""
        values = self._values
        for unit in units:
            for name, by in unit.counters.items():
                values[name] = values.get(name, 0) + by

    def forget(self, names: Iterable[str]) -> None:
        """Totals that expired are in the store no more."""
        for name in names:
            self._values.pop(name, None)

    def snapshot(self) -> dict[str, int]:
        """All totals."""
        return dict(self._values)
