"""Makes all tables of an empty database at once, as the migrations would leave them, and notes that they are done.

Tortoise builds every model anew for each step of each migration: a first start spent four seconds of processor on it,
growing with the square of the house. A test holds both ways against each other.
Invariant: one transaction. A first start that was killed leaves an empty database, which the next one fills.
"""

from importlib.resources import files

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, SqliteSchemaEditor
from tortoise.utils import get_schema_sql

APP, RECORDS = "trambox", "tortoise_migrations"
SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
POSTGRES_TABLES = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()"


def migration_names() -> list[str]:
    """All migrations, in their order."""
    folder = files("storage.migrations")
    return sorted(entry.name.removesuffix(".py") for entry in folder.iterdir() if entry.name[:1].isdigit())


async def make_first_tables(connection: BaseDBAsyncClient, *, is_sqlite: bool) -> bool:
    """Fill an empty database; returns whether it was empty."""
    tables = await connection.execute_query_dict(SQLITE_TABLES if is_sqlite else POSTGRES_TABLES)
    if {row["name"] for row in tables} - {RECORDS}:
        return False
    editor = SqliteSchemaEditor if is_sqlite else AsyncpgSchemaEditor
    await MigrationRecorder(connection).ensure_schema(editor(connection, atomic=False))
    done = ", ".join(f"('{APP}', '{name}', CURRENT_TIMESTAMP)" for name in migration_names())
    made = f"{get_schema_sql(connection, safe=False)};\nINSERT INTO {RECORDS} (app, name, applied_at) VALUES {done};\n"
    await connection.execute_script(f"BEGIN;\n{made}COMMIT;" if is_sqlite else made)
    return True
