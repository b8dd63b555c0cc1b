"""The service `clock:samplers`: tells auto-samplers to take a sample, and follows what became of it.

An operator asks; the command goes out as a file or a webhook, again and again until its time is over, and then no
more: a sample that is taken hours late is another sample. The answer comes as a file, by the webhook's token, or from
a person.
Invariant: a sample that has an answer keeps it.
"""

import secrets
from collections.abc import Awaitable, Callable

import structlog
import trio

from actors.file_intake import Note
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from protocols.errors import DeliveryError
from protocols.formats.sampler import SampleAnswer, parse_answer
from protocols.vocabulary import SampleState
from storage.ids import Ids
from storage.models import SampleRow, StationRow
from storage.samples import samples_under_way, station_of_sample
from storage.writer import RETRY_S, StoreError, Unit, Writer

log = structlog.get_logger()

LOOK_S = 5.0
OPEN = "state IN ('waiting', 'sent', 'silent')"
SENT = (
    "UPDATE samples SET state = 'sent', sent_ms = ?, attempts = attempts + 1, last_error = '' "
    "WHERE id = ? AND state = 'waiting'"
)
TRIED = "UPDATE samples SET attempts = attempts + 1, last_error = ? WHERE id = ?"
ENDED = "UPDATE samples SET state = ? WHERE id = ? AND state = ?"
ANSWERED = f"UPDATE samples SET state = ?, answered_ms = ?, answer = ? WHERE id = ? AND station_id = ? AND {OPEN}"

Tell = Callable[[StationRow, SampleRow], Awaitable[None]]
"""Hands one command to a sampler; raises DeliveryError."""


class Samplers:
    """Asks, tells, follows."""

    def __init__(self, now: Now, host: Host, writer: Writer, ids: Ids, tell: Tell) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._ids = ids
        self._tell = tell
        self._wake = trio.Event()
        self.told = self.failed = 0

    async def ask(self, station: StationRow, who: str, reason: str, bottle: str) -> int:
        """Ask for a sample; returns its number. Raises ValueError where the station has no sampler."""
        if not station.sampler:
            raise ValueError(f"{station.code} has no sampler: add sampler = {{ ... }} to its inventory")
        now_ms, sampler = int(self._now() * 1000), station.sampler
        sample_id, due_ms = self._ids.take("samples"), now_ms + int(str(sampler["answer_s"])) * 1000
        unit = Unit()
        row = (sample_id, station.id, who, now_ms, reason[:300], bottle[:32], str(sampler["kind"]))
        unit.add("samples", (*row, secrets.token_urlsafe(24), "waiting", 0, None, due_ms, None, "", ""))
        await self._writer.store(unit)
        self._wake.set()
        return sample_id

    async def answer(self, row: SampleRow, state: SampleState, text: str) -> None:
        """Keep what is told of a sample."""
        await self._writer.store(Unit(updates=[self._answered(row.station_id, SampleAnswer(row.id, state, text))]))

    def in_file(self, station_id: int, name: str, data: bytes) -> Note | None:
        """What an uploaded file says of a sample; None where it is no answer."""
        answer = parse_answer(name, data)
        if answer is None:
            return None
        return lambda unit, file_id: unit.updates.append(self._answered(station_id, answer))

    def _answered(self, station_id: int, answer: SampleAnswer) -> tuple[str, tuple[object, ...]]:
        now_ms = int(self._now() * 1000)
        return ANSWERED, (str(answer.state), now_ms, answer.text[:300], answer.sample_id, station_id)

    async def run(self, ready: Callable[[], None]) -> None:
        """Look at what is under way, for ever."""
        ready()
        while True:
            self._wake = trio.Event()
            try:
                await self._host(self.look)
            except StoreError as error:
                log.warning("samples_wait", reason=error.reason)
                await trio.sleep(RETRY_S)
                continue
            with trio.move_on_after(LOOK_S):
                await self._wake.wait()

    async def look(self) -> None:
        """Tell what waits; end what nobody answered in time."""
        for row in await samples_under_way():
            now_ms = int(self._now() * 1000)
            if now_ms >= row.due_ms:
                end = SampleState.EXPIRED if row.state == SampleState.WAITING else SampleState.SILENT
                await self._writer.store(Unit(updates=[(ENDED, (str(end), row.id, row.state))]))
                log.warning("sample_unanswered", sample=row.id, state=str(end))
            elif row.state == SampleState.WAITING:
                await self._writer.store(Unit(updates=[await self._outcome(row)]))

    async def _outcome(self, row: SampleRow) -> tuple[str, tuple[object, ...]]:
        station = await station_of_sample(row)
        try:
            if station is None or not station.sampler:
                raise DeliveryError("the station has no sampler any more")
            await self._tell(station, row)
        except DeliveryError as error:
            self.failed += 1
            log.warning("sample_not_told", sample=row.id, reason=error.reason)
            return TRIED, (error.reason[:300], row.id)
        self.told += 1
        log.info("sample_told", sample=row.id, channel=row.channel)
        return SENT, (int(self._now() * 1000), row.id)
