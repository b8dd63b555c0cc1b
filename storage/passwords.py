"""Password hashes: argon2id, with the least cost that is recommended for a server which has more to do.

These functions take tens of milliseconds of processor time; on the loop they are called through `PasswordCheck`.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1


def hash_password(text: str) -> str:
    """Hash a password with a salt of its own; the result carries its parameters."""
    return _hasher().hash(_bytes(text))


def verify_password(hashed: str, text: str) -> bool:
    """Say whether a password fits a hash; nothing fits an empty or unreadable hash."""
    try:
        return _hasher().verify(hashed, _bytes(text))
    except (VerificationError, InvalidHashError):
        return False


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
