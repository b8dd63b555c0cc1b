"""Which messages of a channel may be confirmed: those before which nothing waits any more.

Bodies are offered in order but may become durable out of order; `basic.ack multiple` speaks for all before it.
"""

from collections import deque


class Receipts:
    """The offers of one channel that were not confirmed yet, by their last tag."""

    __slots__ = ("_stored", "_waiting")

    def __init__(self) -> None:
        self._waiting: deque[int] = deque()
        self._stored: set[int] = set()

    def offer(self, last_tag: int) -> None:
        """Note an offer, in the order of tags."""
        self._waiting.append(last_tag)

    def store(self, last_tag: int) -> int:
        """Note that an offer is durable.

        Returns:
            The tag up to which all is durable now, 0 where an earlier offer still waits.
        """
        self._stored.add(last_tag)
        tag = 0
        while self._waiting and self._waiting[0] in self._stored:
            tag = self._waiting.popleft()
            self._stored.discard(tag)
        return tag
