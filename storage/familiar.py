"""Remembers from which address each account has logged in, so that somebody else's guesses never lock it out there.

Invariant: bounded; the pair that was used longest ago is forgotten first.
"""

from collections import Counter, OrderedDict


class FamiliarAddresses:
    """Pairs of login name and address."""

    def __init__(self, max_pairs: int = 100_000) -> None:
        self._max_pairs = max_pairs
        self._pairs: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._addresses: Counter[str] = Counter()

    def remember(self, name: str, address: str) -> None:
        """Note a good login."""
        pair = (name, address)
        if pair not in self._pairs:
            self._addresses[address] += 1
        self._pairs[pair] = None
        self._pairs.move_to_end(pair)
        if len(self._pairs) > self._max_pairs:
            (_, oldest), _ = self._pairs.popitem(last=False)
            self._addresses[oldest] -= 1
            if not self._addresses[oldest]:
                del self._addresses[oldest]

    def has(self, name: str, address: str) -> bool:
        """Whether this account has logged in from this address."""
        return (name, address) in self._pairs

    def has_address(self, address: str) -> bool:
        """Whether any account has."""
        return address in self._addresses
