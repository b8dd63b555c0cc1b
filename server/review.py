"""Wires manual quality control: the book of episodes, the desk, the shifts, and the clock that watches over both."""

from collections.abc import Callable, Iterable

from actors.events import Events
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.review_acts import ReviewOptions
from actors.review_book import LINK_S, EpisodeBook
from actors.review_clock import ReviewClock
from actors.review_desk import ReviewDesk
from actors.shift_book import ShiftBook
from actors.silence_watch import SilenceWatch
from actors.station import StationActor
from conf.settings import ReviewSettings
from protocols.vocabulary import ReviewAction
from storage.database import Database
from storage.ids import Ids
from storage.models import TicketRow
from storage.review import newest_runs
from storage.writer import Writer


class ReviewWing:
    """The parts of manual quality control. `touched` wakes the clock that makes means again."""

    def __init__(
        self,
        now: Now,
        host: Host,
        database: Database,
        writer: Writer,
        ids: Ids,
        events: Events,
        touched: Callable[[], None],
        stations: Callable[[], Iterable[StationActor]],
        given: ReviewSettings,
    ) -> None:
        self._now = now
        self._events = events
        self.urgent: Callable[[], frozenset[int]] = frozenset[int]
        """Stations that come first in the queue: those of a disaster area."""
        self.book = EpisodeBook(now, ids)
        self.options = ReviewOptions(given.verification_s, given.interpolation_max_gap_s, given.neighbours_km)
        self.desk = ReviewDesk(now, database, ids, self.book, touched, self._acted, self.options)
        self.shifts = ShiftBook(now, database, ids)
        self.clock = ReviewClock(now, host, database, self.book, self._overdue)
        self.silences = SilenceWatch(now, host, writer, ids, stations)

    async def load(self) -> None:
        """Go on with the episodes that stand in the store."""
        self.book.load(await newest_runs(int(self._now()) - LINK_S))
        await self.clock.look_at_tickets()

    def specs(self) -> list[ChildSpec]:
        """The services `clock:review` and `clock:silences`."""
        return [
            ChildSpec("clock:review", "review", self.clock.run, self.clock.statistics),
            ChildSpec("clock:silences", "silences", self.silences.run, self.silences.statistics),
        ]

    def _acted(self, episode_id: int, action: ReviewAction, who: str) -> None:
        self._push({"episode": str(episode_id), "action": str(action), "who": who})

    def _overdue(self, ticket: TicketRow) -> None:
        self._push({"episode": str(ticket.episode_id), "action": "overdue", "who": ticket.asked_by})

    def _push(self, data: dict[str, str]) -> None:
        if self._events.heard:
            self._events.push("review", dict(data))
        else:
            self._events.unheard()
