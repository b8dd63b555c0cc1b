"""A bearer token that lives as long as one question of the command line.

Whoever may open the database may do all of this by hand; the token only spares the console a second way in.
"""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from protocols.vocabulary import Role
from storage.database import Database
from storage.models import TokenRow
from storage.users import Users


@asynccontextmanager
async def short_token(database: Database, users: Users, role: Role) -> AsyncGenerator[str, None]:
    """Make a token of some person, of the given role if there is one; it is gone afterwards.

    Raises:
        LookupError: nobody is registered at the console.
    """
    people = await users.list_users()
    person = next((user for user in people if user.role == role), people[0] if people else None)
    if person is None:
        raise LookupError("nobody is registered at the console")
    name = f"question {secrets.token_hex(8)}"
    async with database.writing():
        token = await users.make_token(person, name)
    try:
        yield token
    finally:
        async with database.writing():
            await TokenRow.filter(user_id=person.id, name=name).delete()
