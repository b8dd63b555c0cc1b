"""An index of some rows of a table only: what most rows lack costs nothing to keep, and little to walk through."""

from typing import Any

from tortoise.indexes import Index
from typing_extensions import override


class PartialIndex(Index):
    """An index of the rows for which `where` holds, a text of this house that both engines understand."""

    def __init__(self, *, fields: tuple[str, ...] | list[str], where: str, name: str | None = None) -> None:
        super().__init__(fields=fields, name=name)
        self.where = where
        self.extra = f" WHERE {where}"

    @override
    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "where": self.where}
