"""Slows down who guesses passwords: a token bucket of failed logins per address.

An address may fail `burst` times at once and once more each `refill_s`. An IPv6 address counts with its whole /64,
which is what one guesser owns.

Invariant: memory is bounded; an address that is forgotten is one that has not failed for the longest time.
"""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address

from storage.networks import parse_address


class Throttle:
    """Tokens per address."""

    def __init__(
        self, now: Callable[[], float], *, burst: int = 10, refill_s: float = 6.0, max_addresses: int = 50_000
    ) -> None:
        self._now = now
        self._burst = burst
        self._refill_s = refill_s
        self._max_addresses = max_addresses
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def has_token(self, address: str) -> bool:
        """Whether this address may fail once more now."""
        return self._owed_s(_block(address)) <= (self._burst - 1) * self._refill_s

    def charge(self, address: str) -> None:
        """Count a failed login; an empty bucket stays empty and no more."""
        block = _block(address)
        owed_s = min(self._owed_s(block) + self._refill_s, self._burst * self._refill_s)
        self._full_at[block] = self._now() + owed_s
        self._full_at.move_to_end(block)
        if len(self._full_at) > self._max_addresses:
            self._full_at.popitem(last=False)

    def throttled(self) -> int:
        """How many addresses have no token left."""
        now = self._now()
        limit_s = (self._burst - 1) * self._refill_s
        return sum(full_at - now > limit_s for full_at in self._full_at.values())

    def _owed_s(self, block: str) -> float:
        full_at = self._full_at.get(block)
        return 0.0 if full_at is None else max(0.0, full_at - self._now())


def _block(address: str) -> str:
    parsed = parse_address(address)
    if isinstance(parsed, IPv6Address):
        return f"{int(parsed) >> 64:x}::/64"
    return address if parsed is None else str(parsed)
