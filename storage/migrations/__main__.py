"""Makes the next migration from `storage/models`: `make migration name=what_changes`.

What the migrations on disk lead to is compared with the models; no database is opened. A migration, once released, is
never edited: the next change is the next file. A new column that rows already there could not fill is refused here,
where it can still be mended, and not at the start of a box that is full. Where a step makes SQLite write a table anew,
its indexes are brought back behind it.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tortoise import Tortoise
from tortoise.fields.base import Field
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import AddField, AlterField, RemoveField
from tortoise.migrations.writer import MigrationWriter, format_migration_name

from storage import models
from storage.database import tortoise_config
from storage.declared_indexes import declared_indexes

CONFIG = tortoise_config("sqlite://nowhere.db")
USAGE = "usage: python -m storage.migrations NAME (e.g. add_station_altitude)"


async def pending(config: dict[str, Any]) -> list[MigrationWriter]:
    """What the models say and the migrations do not; empty where they agree."""
    context = await Tortoise.init(config=config, init_connections=False)
    try:
        assert context.apps is not None
        return await MigrationAutodetector(context.apps, config["apps"]).changes()
    finally:
        await context.close_connections()


def unfillable(missing: Sequence[MigrationWriter]) -> list[str]:
    """New columns without a value for the rows that stand already, as `Model.field`."""
    return [
        f"{operation.model_name}.{operation.name}"
        for writer in missing
        for operation in writer.operations
        if isinstance(operation, AddField)
        and isinstance(operation.field, Field)
        and not (operation.field.null or operation.field.has_db_default())
    ]


def restoring(writer: MigrationWriter) -> list[str]:
    """Steps, as source, which bring back the indexes of the tables that a migration makes SQLite write anew."""
    remade = {step.model_name for step in writer.operations if isinstance(step, RemoveField | AlterField)}
    found = [index for name in sorted(remade) for index in declared_indexes(getattr(models, name))]
    return [f"\n        ops.RunSQL({index.statement!r})," for index in found]


def write(missing: Sequence[MigrationWriter], name: str) -> list[Path]:
    """Write the missing steps as files numbered after the last one; returns their paths."""
    paths = []
    for writer in missing:
        writer.name = format_migration_name(int(writer.name.partition("_")[0]), name)
        path = writer.write()
        text, end, rest = path.read_text(encoding="utf-8").rpartition("\n    ]")
        path.write_text("".join((text, *restoring(writer), end, rest)), encoding="utf-8")
        paths.append(path)
    return paths


def main(arguments: Sequence[str]) -> int:
    """Make the migration; 0 where one was written, 1 where none is missing, 2 where it cannot be."""
    if len(arguments) != 1 or not arguments[0].isidentifier():
        print(USAGE, file=sys.stderr)
        return 2
    missing = asyncio.run(pending(CONFIG))
    if not missing:
        print("no migration: the models are as the migrations leave them", file=sys.stderr)
        return 1
    if names := unfillable(missing):
        print(f"no migration: give {', '.join(names)} null=True or db_default=...", file=sys.stderr)
        return 2
    for path in write(missing, arguments[0]):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
