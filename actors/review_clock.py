"""The review clock: counts episodes again that a later verdict changed, and tells of questions left without an answer.

QĐ 338/QĐ-KTTV Điều 7.2 gives the unit in charge of a station two hours.
Invariant: an overdue question is told once, also over a restart.
"""

from collections.abc import Callable
from functools import partial

import structlog

from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.review_book import EpisodeBook
from actors.rounds import go_rounds
from storage.database import Database
from storage.models import TicketRow
from storage.review import questioned, records, stale_episodes
from storage.review_writes import mark_told, recount, unanswered_tickets

log = structlog.get_logger()

PERIOD_S = 2.0
SLICE = 50


class ReviewClock:
    """The service `clock:review`. `told` is called once with each question whose clock has run out."""

    def __init__(
        self, now: Now, host: Host, database: Database, book: EpisodeBook, told: Callable[[TicketRow], None]
    ) -> None:
        self._now = now
        self._host = host
        self._database = database
        self._book = book
        self._told = told
        self.late: tuple[TicketRow, ...] = ()
        """Questions whose clock has run out, until they are answered."""
        self.recounted = 0
        self.overdue = 0

    async def run(self, ready: Callable[[], None]) -> None:
        """Look every two seconds, for ever."""
        ready()
        await go_rounds(
            partial(self._host, self.look),
            lambda reason: log.warning("review_waits", reason=reason),
            PERIOD_S,
        )

    async def look(self) -> None:
        """Count again what is stale, tell what is overdue."""
        waiting = sorted(self._book.stale)
        for at in range(0, len(waiting), SLICE):
            await self._recount(waiting[at : at + SLICE])
        await self.look_at_tickets()
        for ticket in [each for each in self.late if each.told_ms is None]:
            async with self._database.writing():
                await mark_told(ticket.id, int(self._now() * 1000))
            self.overdue += 1
            log.warning("verification_overdue", episode=ticket.episode_id, asked_by=ticket.asked_by)
            self._told(ticket)

    async def look_at_tickets(self) -> None:
        """Read again which questions are overdue; called once before anybody asks for them."""
        self.late = tuple(await unanswered_tickets(int(self._now() * 1000)))

    async def _recount(self, episode_ids: list[int]) -> None:
        """Count under the pen; one whose verdict is still on its way to the disk stays on the list."""
        async with self._database.writing():
            for row in await stale_episodes(episode_ids):
                if not row.stale:
                    continue
                self._book.stale.discard(row.id)
                found = questioned(await records(row.station_id, row.parameter, row.first_s, row.last_s), row.test)
                worst = max((record.tests[row.test] for record in found), default=row.flag)
                await recount(row, [record.time_s for record in found], worst, int(self._now() * 1000))
                self.recounted += 1

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {"recounted": self.recounted, "overdue": self.overdue}
