"""Slows down password guessing: after a few failures an address waits, twice as long each time.

An attempt is counted before the password is looked at, so that many at once gain nothing; a success forgives.
Invariant: memory is bounded; the address that failed longest ago is forgotten first.
"""

from collections import OrderedDict

FREE_ATTEMPTS = 5
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 300.0
FORGET_AFTER_S = 3600.0
ADDRESSES_KEPT = 10_000


class LoginThrottle:
    """Failed sign-ins per address."""

    def __init__(self) -> None:
        self._attempts: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_s(self, address: str, now_s: float) -> float:
        """Take an attempt: 0 where it may go on, else the seconds to wait (and it is not counted)."""
        count, last_s = self._attempts.get(address, (0, now_s))
        if now_s - last_s > FORGET_AFTER_S:
            count = 0
        wait_s = min(FIRST_WAIT_S * 2 ** (count - FREE_ATTEMPTS), LONGEST_WAIT_S) if count >= FREE_ATTEMPTS else 0.0
        left_s = last_s + wait_s - now_s
        if left_s > 0:
            return left_s
        self._attempts[address] = (min(count + 1, 64), now_s)
        self._attempts.move_to_end(address)
        if len(self._attempts) > ADDRESSES_KEPT:
            self._attempts.popitem(last=False)
        return 0.0

    def forgive(self, address: str) -> None:
        """Forget the failures of an address that signed in."""
        self._attempts.pop(address, None)
