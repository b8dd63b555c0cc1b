"""Checks passwords beside the loop, a few at a time, those of known stations first.

A flood of guesses then costs a bounded share of the processor, and a station does not stand behind it: known ones go
first, and whoever shares a `turn` (a name at an address) waits only for each other.

Invariant: at most `workers` hashes are computed at once, and a bounded number of strangers waits.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from storage.passwords import hash_password, verify_password

Ticket = asyncio.Future[None]
Turn = tuple[str, str]


class Queue:
    """Tickets, taken in rotation: one of each turn after the other."""

    def __init__(self) -> None:
        self._turns: OrderedDict[Turn, deque[Ticket]] = OrderedDict()
        self.length = 0

    def push(self, turn: Turn, ticket: Ticket) -> None:
        """Queue up behind the others of the same turn."""
        self._turns.setdefault(turn, deque()).append(ticket)
        self.length += 1

    def pop(self) -> Ticket | None:
        """Take the next ticket."""
        if not self._turns:
            return None
        turn, tickets = self._turns.popitem(last=False)
        ticket = tickets.popleft()
        if tickets:
            self._turns[turn] = tickets
        self.length -= 1
        return ticket


class PasswordCheck:
    """The queue before the hashing threads."""

    def __init__(self, workers: int = 2, max_strangers: int = 256) -> None:
        self._free = workers
        self._max_strangers = max_strangers
        self._known = Queue()
        self._strangers = Queue()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="password")
        self._decoy: str | None = None

    async def fits(
        self,
        hashed: str | None,
        text: str,
        *,
        turn: Turn = ("", ""),
        is_known: bool = False,
        allowed: Callable[[], bool] = lambda: True,
    ) -> bool | None:
        """Check a password; takes as long without a hash (an unknown name) as with one.

        Args:
            allowed: asked when the turn has come: whether it may still be tried.
        Returns:
            None where it was not tried: no longer allowed, or too many strangers wait already.
        """
        if not is_known and self._strangers.length >= self._max_strangers:
            return None
        await self._enter(self._known if is_known else self._strangers, turn)
        try:
            if not allowed():
                return None
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._verify, hashed, text)
        finally:
            self._leave()

    async def hash(self, text: str) -> str:
        """Hash a new password."""
        await self._enter(self._known, ("", ""))
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, hash_password, text)
        finally:
            self._leave()

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def waiting(self) -> int:
        """How many checks stand in the queue."""
        return self._known.length + self._strangers.length

    def _verify(self, hashed: str | None, text: str) -> bool:
        if hashed:
            return verify_password(hashed, text)
        if self._decoy is None:
            self._decoy = hash_password("nobody has this password")
        verify_password(self._decoy, text)
        return False

    async def _enter(self, queue: Queue, turn: Turn) -> None:
        if self._free:
            self._free -= 1
            return
        ticket: Ticket = asyncio.get_running_loop().create_future()
        queue.push(turn, ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        while ticket := self._known.pop() or self._strangers.pop():
            if not ticket.done():
                ticket.set_result(None)
                return
        self._free += 1
