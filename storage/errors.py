"""What the engines raise when a database cannot be reached or opened, for a verb that turns it into one line."""

import sqlite3

from asyncpg import InterfaceError, PostgresError
from tortoise.exceptions import BaseORMException

UNREACHABLE = (OSError, BaseORMException, sqlite3.Error, PostgresError, InterfaceError)
