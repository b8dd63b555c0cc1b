"""The indexes of a store are those that the models declare."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import models
from storage.database import Database
from storage.declared_indexes import declared_indexes

MODELS = [getattr(models, name) for name in models.__all__]


@pytest.mark.asyncio
async def test_the_indexes_are_those_that_the_models_declare(tmp_path: Path) -> None:
    """Tables made at once; that the migrations leave the same ones is held in `test_first_tables.py`."""
    database = await Database.open(f"sqlite://{tmp_path}/store.db")
    await database.migrate()
    await database.close()
    assert indexes_of(tmp_path / "store.db") == wanted_indexes()


def wanted_indexes() -> set[tuple[str, str, bool]]:
    """Table, columns, uniqueness: as the models say."""
    found = {
        (index.table, ",".join(index.columns), index.is_unique) for model in MODELS for index in declared_indexes(model)
    }
    for model in MODELS:
        meta = model._meta
        found |= {(meta.db_table, name, True) for name, field in meta.fields_map.items() if field.unique}
    return found


def indexes_of(path: Path) -> set[tuple[str, str, bool]]:
    """Table, columns, uniqueness: as the store has them; a whole number as key is no index of its own."""
    with closing(sqlite3.connect(path)) as store:
        rows = store.execute(
            'SELECT m.name, (SELECT group_concat(name) FROM pragma_index_info(l.name)), l."unique" '
            "FROM sqlite_master m JOIN pragma_index_list(m.name) l WHERE m.type = 'table' AND m.name <> ?",
            ("tortoise_migrations",),
        ).fetchall()
        whole = {
            (table, column, True)
            for table, column in store.execute(
                "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
                "WHERE m.type = 'table' AND c.pk = 1 AND c.type IN ('INTEGER', 'INT', 'BIGINT')"
            )
            if table != "tortoise_migrations"
        }
    return {(table, columns, bool(unique)) for table, columns, unique in rows} | whole
