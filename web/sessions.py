"""Session cookies: a signed name and expiry, nothing kept on the server.

The signing key mixes in the person's password hash: a changed password ends every session made with the old one.
The CSRF token is derived from the same cookie, so a page on another site can neither read nor make it.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256

import orjson

COOKIE = "trambox_session"
CSRF_HEADER = "X-CSRF-Token"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a cookie says before its signature is checked."""

    name: str
    expires_s: int
    payload: bytes
    signature: bytes


def make_cookie(secret_key: bytes, password_hash: str, name: str, expires_s: int) -> str:
    """Sign a session."""
    payload = orjson.dumps([name, expires_s, secrets.token_hex(8)])
    signature = _sign(secret_key, password_hash, b"session", payload)
    return f"{urlsafe_b64encode(payload).decode()}.{urlsafe_b64encode(signature).decode()}"


def parse_cookie(text: str) -> Claim | None:
    """Read a cookie; None for anything that `make_cookie` did not write."""
    head, _, tail = text.partition(".")
    try:
        payload, signature = urlsafe_b64decode(head.encode()), urlsafe_b64decode(tail.encode())
        name, expires_s, _nonce = orjson.loads(payload)
    except (Base64Error, ValueError, TypeError):
        return None
    if not (isinstance(name, str) and isinstance(expires_s, int)):
        return None
    return Claim(name, expires_s, payload, signature)


def is_genuine(claim: Claim, secret_key: bytes, password_hash: str, now_s: float) -> bool:
    """Check signature and expiry."""
    expected = _sign(secret_key, password_hash, b"session", claim.payload)
    return hmac.compare_digest(expected, claim.signature) and now_s < claim.expires_s


def csrf_token(claim: Claim, secret_key: bytes, password_hash: str) -> str:
    """The token that every state-changing request of this session must carry."""
    return _sign(secret_key, password_hash, b"csrf", claim.payload).hex()[:40]


def _sign(secret_key: bytes, password_hash: str, purpose: bytes, payload: bytes) -> bytes:
    key = hmac.digest(secret_key, password_hash.encode(), sha256)
    return hmac.digest(key, purpose + b"\0" + payload, sha256)
