"""What people do about notices: take them on, answer, send a refused letter again. Every deed is a row."""

from actors.kernel.clock import Now
from actors.notices.clock import NoticeClock
from actors.notices.postman import Postman
from storage.ids import Ids
from storage.writer import Unit, Writer

ACKNOWLEDGE = "UPDATE notices SET acknowledged_by = ?, acknowledged_ms = ? WHERE id = ? AND acknowledged_ms IS NULL"


class NoticeDesk:
    """The write face of the notices."""

    def __init__(self, now: Now, writer: Writer, ids: Ids, clock: NoticeClock, postman: Postman) -> None:
        self._now = now
        self._writer = writer
        self._ids = ids
        self._clock = clock
        self._postman = postman

    async def answer(self, notice_id: int, who: str, text: str) -> None:
        """Take a notice on, with what is answered; an empty text only takes it on. The first one's name stays."""
        now_ms = int(self._now() * 1000)
        unit = Unit(updates=[(ACKNOWLEDGE, (who[:96], now_ms, notice_id))])
        if text:
            row = (self._ids.take("notice_replies"), notice_id, now_ms, who[:96], text[:1000])
            unit.add("notice_replies", row)
        await self._writer.store(unit)
        self._clock.acknowledged(notice_id)

    async def try_again(self, letter_id: int) -> None:
        """Give a refused letter another chance."""
        await self._postman.try_again(letter_id)
