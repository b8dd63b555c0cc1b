"""The people at the console: their passwords, and the tokens of their scripts.

Reading happens here and now; the writing methods are called inside `Database.writing()`.

Invariant: neither a password nor a token is stored, only an argon2id hash of the one and a SHA-256 of the other (a
token is 32 random bytes, so a slow hash would add nothing).
"""

import hashlib
import secrets
from collections.abc import Callable

from protocols.vocabulary import Role
from storage.models import TokenRow, UserRow
from storage.password_check import PasswordCheck
from storage.throttle import Throttle

TOKEN_BYTES = 32


class WeakPassword(ValueError):
    """A person cannot have an empty password."""


class Users:
    """Accounts of people."""

    def __init__(self, now: Callable[[], float], check: PasswordCheck, throttle: Throttle | None = None) -> None:
        self._now = now
        self._check = check
        self._throttle = throttle or Throttle(now)

    async def verify_user(self, name: str, password: str, address: str = "") -> UserRow | None:
        """Judge a login; with an address, its failures are throttled."""
        if address and not self._throttle.has_token(address):
            return None
        user = await UserRow.get_or_none(name=name)
        hashed = None if user is None else user.password_hash
        if await self._check.fits(hashed, password, turn=(name, address)):
            return user
        if address:
            self._throttle.charge(address)
        return None

    async def create_user(self, name: str, password: str, role: Role, language: str = "") -> UserRow:
        """Add a person.

        Raises:
            WeakPassword: it is empty.
            tortoise.exceptions.IntegrityError: the name is taken.
        """
        return await UserRow.create(
            name=name,
            role=role.value,
            password_hash=await self._hashed(password),
            created_ms=int(self._now() * 1000),
            language=language,
        )

    async def set_password(self, name: str, password: str) -> bool:
        """Change a password, and end every token of that person; False where there is no such person."""
        hashed = await self._hashed(password)
        user = await UserRow.get_or_none(name=name)
        if user is None:
            return False
        user.password_hash = hashed
        await user.save(update_fields=["password_hash"])
        await TokenRow.filter(user_id=user.id).delete()
        return True

    async def set_scope(self, name: str, kind: str, scope: str, department: str | None = None) -> bool:
        """Narrow what a person sees; an empty kind is everything. False where there is no such person.

        Args:
            department: of a company, empty for one without; None where it is not known yet.
        """
        narrowed = {"scope_kind": kind, "scope_name": scope, "scope_department": department}
        return bool(await UserRow.filter(name=name).update(**narrowed))

    async def list_users(self) -> list[UserRow]:
        """Everybody, by name."""
        return await UserRow.all().order_by("name")

    async def make_token(self, user: UserRow, name: str = "") -> str:
        """Make a bearer token; it is shown once and never again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await TokenRow.create(user_id=user.id, name=name, digest=_digest(token), created_ms=int(self._now() * 1000))
        return token

    async def user_of_token(self, token: str) -> UserRow | None:
        """The person a bearer token speaks for."""
        row = await TokenRow.get_or_none(digest=_digest(token))
        return None if row is None else await UserRow.get_or_none(id=row.user_id)

    async def _hashed(self, password: str) -> str:
        if not password:
            raise WeakPassword("the password is empty")
        return await self._check.hash(password)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
