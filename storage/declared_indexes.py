"""What indexes the models declare, and the statements that bring those of one table back.

SQLite cannot alter a column or take one away: Tortoise writes the table anew, and every index and unique constraint
that was not part of a column is gone. The maker of migrations puts these statements behind such a step.
Invariant: names are those that Tortoise gives, so a later step finds what was brought back.
"""

from typing import Any, NamedTuple

from tortoise.backends.sqlite.client import SqliteClient
from tortoise.migrations.schema_editor import SqliteSchemaEditor
from tortoise.models import Model


class Declared(NamedTuple):
    """An index of a table."""

    table: str
    name: str
    columns: tuple[str, ...]
    is_unique: bool
    extra: str = ""
    """Which rows stand in it, as SQL says it."""

    @property
    def statement(self) -> str:
        """Makes it where it is not there."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        unique = "UNIQUE " if self.is_unique else ""
        return f'CREATE {unique}INDEX IF NOT EXISTS "{self.name}" ON "{self.table}" ({columns}){self.extra}'


def declared_indexes(model: type[Model]) -> list[Declared]:
    """Every index of a model but its key and what makes a single column unique: those are part of the column."""
    meta: Any = model._meta  # pyright: ignore[reportPrivateUsage]
    alone = [(name,) for name, field in meta.fields_map.items() if field.index and not (field.pk or field.unique)]
    plain = [*((names, "") for names in alone)]
    plain += [(tuple(getattr(index, "fields", index)), getattr(index, "extra", "")) for index in meta.indexes]
    client = SqliteClient(":memory:", connection_name="names")
    editor: Any = SqliteSchemaEditor(client, atomic=False)  # asked for names alone

    def named(columns: tuple[str, ...], extra: str = "", *, is_unique: bool) -> Declared:
        name = editor._generate_index_name("uid" if is_unique else "idx", model, list(columns))
        return Declared(meta.db_table, name, columns, is_unique, extra)

    return [
        *(named(columns, extra, is_unique=False) for columns, extra in plain),
        *(named(tuple(columns), is_unique=True) for columns in meta.unique_together),
    ]
