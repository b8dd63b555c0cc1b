"""Remembers for a short while which passwords fitted and which did not, so that the hash is not computed each time.

A logger logs in every five minutes with the same password, and a guesser often repeats the same wrong one.

Invariant: no password is kept, only its HMAC under a random key that this process alone knows; wrong guesses can never
push out a verified password.
"""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable


class Verdicts:
    """Verdicts per login name and password, good and bad ones apart."""

    def __init__(self, now: Callable[[], float], *, kept_s: float = 300, max_good: int = 100_000, max_bad: int = 4096):
        self._now = now
        self._kept_s = kept_s
        self._limits = {True: max_good, False: max_bad}
        self._key = secrets.token_bytes(32)
        self._until: dict[bool, OrderedDict[bytes, float]] = {True: OrderedDict(), False: OrderedDict()}

    def recall(self, name: str, password: str) -> bool | None:
        """What was found lately; None where nothing is known."""
        digest = self._digest(name, password)
        for fits, until in self._until.items():
            if until.get(digest, 0.0) > self._now():
                return fits
        return None

    def remember(self, name: str, password: str, fits: bool) -> None:
        """Keep a verdict."""
        known = self._until[fits]
        digest = self._digest(name, password)
        known[digest] = self._now() + self._kept_s
        known.move_to_end(digest)
        if len(known) > self._limits[fits]:
            known.popitem(last=False)

    def forget_all(self) -> None:
        """Drop every verdict: a password may have been changed."""
        for known in self._until.values():
            known.clear()

    def _digest(self, name: str, password: str) -> bytes:
        return hmac.digest(self._key, f"{len(name)}:{name}{password}".encode(errors="surrogatepass"), "sha256")
