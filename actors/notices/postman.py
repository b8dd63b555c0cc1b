"""The postman: sends letters that wait, one after the other, and notes what became of each.

A letter that finds no server is tried again, later each time; one that is refused for good is set aside until somebody
tries it again. A crash between sending and noting sends once more, with the same message id.
"""

from collections.abc import Awaitable, Callable

import structlog
import trio

from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from protocols.errors import DeliveryError
from storage.models import LetterRow
from storage.notices import due_letters, next_letter_ms
from storage.writer import RETRY_S, StoreError, Unit, Writer

log = structlog.get_logger()

FIRST_RETRY_S, LONGEST_RETRY_S = 15.0, 900.0
SENT = "UPDATE letters SET state = 'sent', sent_ms = ?, attempts = attempts + 1, last_error = '' WHERE id = ?"
REFUSED = "UPDATE letters SET state = 'refused', attempts = attempts + 1, last_error = ? WHERE id = ?"
LATER = "UPDATE letters SET attempts = attempts + 1, next_ms = ?, last_error = ? WHERE id = ?"
AGAIN = "UPDATE letters SET state = 'waiting', next_ms = ? WHERE id = ? AND state = 'refused'"

Send = Callable[[LetterRow], Awaitable[None]]
"""Sends one letter; raises DeliveryError."""


class Postman:
    """The service `postman`."""

    def __init__(self, now: Now, host: Host, writer: Writer, send: Send) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._send = send
        self._wake = trio.Event()
        self.sent = 0
        self.failed = 0
        self.last_error = ""

    def posted(self) -> None:
        """New letters wait."""
        self._wake.set()

    async def try_again(self, letter_id: int) -> None:
        """Give a refused letter another chance; runs on the host loop."""
        await self._writer.store(Unit(updates=[(AGAIN, (int(self._now() * 1000), letter_id))]))
        self.posted()

    async def run(self, ready: Callable[[], None]) -> None:
        """Send what is due, then wait for more, for ever."""
        ready()
        while True:
            self._wake = trio.Event()
            try:
                while await self._host(self.round):
                    await trio.lowlevel.checkpoint()
                wait_s = await self._host(self._wait_s)
            except StoreError as error:
                log.warning("letters_wait", reason=error.reason)
                await trio.sleep(RETRY_S)
                continue
            with trio.move_on_after(wait_s):
                await self._wake.wait()

    async def _wait_s(self) -> float:
        """Until the next letter is due."""
        due_ms = await next_letter_ms()
        return LONGEST_RETRY_S if due_ms is None else max(due_ms / 1000 - self._now(), 0.05)

    async def round(self) -> int:
        """Send the letters that are due; returns how many there were."""
        letters = await due_letters(int(self._now() * 1000))
        for letter in letters:
            await self._writer.store(Unit(updates=[await self._outcome(letter)]))
        return len(letters)

    async def _outcome(self, letter: LetterRow) -> tuple[str, tuple[object, ...]]:
        try:
            await self._send(letter)
        except DeliveryError as error:
            self.failed += 1
            self.last_error = error.reason
            log.warning("letter_failed", letter=letter.id, reason=error.reason, permanent=error.permanent)
            if error.permanent:
                return REFUSED, (error.reason[:300], letter.id)
            delay_s = min(FIRST_RETRY_S * 2.0 ** min(letter.attempts, 10), LONGEST_RETRY_S)
            return LATER, (int((self._now() + delay_s) * 1000), error.reason[:300], letter.id)
        self.sent += 1
        self.last_error = ""
        log.info("letter_sent", letter=letter.id, channel=letter.channel, notice=letter.notice_id)
        return SENT, (int(self._now() * 1000), letter.id)
