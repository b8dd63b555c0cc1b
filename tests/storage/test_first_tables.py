"""Tables made at once are those that the migrations make, and a database that has them is left alone."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tortoise.migrations.api import migrate

from storage.database import Database, tortoise_config
from storage.first_tables import make_first_tables, migration_names
from tests.storage.stores import new_database

COLUMNS = {
    True: 'SELECT m.name AS t, c.name AS n, c.type AS kind, c."notnull" AS needed, c.dflt_value AS otherwise '
    "FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
    False: "SELECT table_name AS t, column_name AS n, data_type || COALESCE(character_maximum_length, 0) AS kind, "
    "is_nullable AS needed, column_default AS otherwise FROM information_schema.columns WHERE table_schema = 'public'",
}
INDEXES = {
    True: 'SELECT m.name AS t, l."unique" AS single, (SELECT group_concat(name) FROM pragma_index_info(l.name)) AS of '
    "FROM sqlite_master m JOIN pragma_index_list(m.name) l WHERE m.type = 'table'",
    False: "SELECT tablename AS t, indexdef LIKE '%UNIQUE%' AS single, substring(indexdef FROM '\\(.*') AS of "
    "FROM pg_indexes WHERE schemaname = 'public'",
}


async def looked_at(database: Database) -> list[list[str]]:
    """Columns and indexes, in no order of their making."""
    found = []
    for ask in (COLUMNS, INDEXES):
        rows: list[dict[str, Any]] = await database.connection().execute_query_dict(ask[database.is_sqlite])
        found.append(sorted(str(tuple(row.values())) for row in rows))
    return found


async def made(url: str, *, at_once: bool) -> list[list[str]]:
    database = await Database.open(url)
    try:
        if at_once:
            await database.migrate()
        else:
            await migrate(config=tortoise_config(url))
        return await looked_at(database)
    finally:
        await database.close()


def test_sqlite_tables_made_at_once_are_those_of_the_migrations(tmp_path: Path) -> None:
    one = asyncio.run(made(f"sqlite://{tmp_path}/one.db", at_once=True))
    steps = asyncio.run(made(f"sqlite://{tmp_path}/steps.db", at_once=False))
    assert one == steps


def test_postgresql_tables_made_at_once_are_those_of_the_migrations(postgres_server: str) -> None:
    one = asyncio.run(made(new_database(postgres_server), at_once=True))
    steps = asyncio.run(made(new_database(postgres_server), at_once=False))
    assert one == steps


@pytest.mark.asyncio
async def test_a_database_that_has_its_tables_is_left_alone_and_every_migration_counts_as_done(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite://{tmp_path}/trambox.db")
    assert await make_first_tables(database.connection(), is_sqlite=True)
    assert not await make_first_tables(database.connection(), is_sqlite=True)
    await database.migrate()
    rows = await database.connection().execute_query_dict("SELECT name FROM tortoise_migrations ORDER BY name")
    assert [row["name"] for row in rows] == migration_names()
    await database.close()
