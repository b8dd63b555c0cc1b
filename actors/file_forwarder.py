"""Delivers hourly files to one destination: newest first, verified, back by itself after an outage.

A file counts as forwarded when its size was read back; its row then moves from waiting to forwarded in the transaction
that moves the counters. A crash in between delivers it once more under the same name: nothing is lost. A full
disk does not: the receipt is held until the store takes it. A life that is ended while its receipt is on the way to
the store is followed by one that waits for it first, so no row is moved, or counted, twice.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

import structlog
import trio

from actors.backoff import retry_delay_s
from actors.board import ForwardView
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.latency import NOTHING, Latency
from actors.lateness import late_counter, late_days
from protocols.errors import DeliveryError
from protocols.vocabulary import DeliveryState
from storage.models import OutFileRow
from storage.outfiles import refused_files, waiting_files
from storage.writer import StoreError, Unit, Writer

log = structlog.get_logger()

ATTENTION_AFTER = 3
"""A refusal for good (wrong password, forbidden folder) so many times in a row needs a human."""
FORWARDED = "UPDATE outfiles SET state = 'forwarded', forwarded_ms = ?, attempts = attempts + 1 WHERE id = ?"
REFUSED = "UPDATE outfiles SET state = 'refused', attempts = attempts + 1, last_error = ? WHERE id = ?"
TAKE_BACK = "UPDATE outfiles SET state = 'waiting', attempts = 0 WHERE id = ?"
FAILED = "UPDATE outfiles SET attempts = attempts + 1, last_error = ? WHERE id = ?"


class Sender(Protocol):
    """The way to the receiver (protocols/ftp/client.py, protocols/sftp/client.py)."""

    async def open(self) -> None: ...

    async def deliver(self, name: str, body: bytes) -> int: ...

    async def close(self) -> None: ...


class FileForwarder:
    """The actor of one destination of kind files.

    Args:
        make_sender: medium -> a sender into the folder of that medium.
        medium_of: station id -> `khi` or `nuoc`.
        took: how long deliveries took today, as the store has it.
    """

    def __init__(
        self,
        name: str,
        destination_id: int,
        deadline_s: float,
        now: Now,
        writer: Writer,
        make_sender: Callable[[str], Sender],
        medium_of: Callable[[int], str],
        host: Host,
        counters: Callable[[str], int],
        took: Mapping[str, int] = NOTHING,
    ) -> None:
        self.name = name
        self._destination_id = destination_id
        self._now = now
        self._writer = writer
        self._make_sender = make_sender
        self._medium_of = medium_of
        self._host = host
        self._counters = counters
        self._wake = trio.Event()
        self._on_their_way: set[int] = set()
        self._latency = Latency(deadline_s, name, took)
        self._failures = 0
        self._refusals = 0
        self._newer = False
        self._oldest_ms: int | None = None
        self.last_error = ""

    def owed(self) -> None:
        """New files wait."""
        self._newer = True
        self._wake.set()

    async def run(self, ready: Callable[[], None]) -> None:
        """Deliver what waits, then wait for more, for ever; a restart gives refused files another chance."""
        ready()
        again = True
        while True:
            self._wake = trio.Event()
            try:
                if again:
                    await self._host(self._writer.flush)
                    await self._host(self._take_back)
                again = False
                await self._host(self._deliver_all)
            except (DeliveryError, StoreError) as error:
                self._failed(error.reason, permanent=isinstance(error, DeliveryError) and error.permanent)
                await trio.sleep(retry_delay_s(self._failures))
                continue
            await self._wake.wait()

    def _failed(self, reason: str, *, permanent: bool) -> None:
        self._failures += 1
        self._refusals = self._refusals + 1 if permanent else 0
        self.last_error = reason
        log.warning("delivery_failed", destination=self.name, reason=reason, failures=self._failures)

    async def _deliver_all(self) -> None:
        """Deliver every waiting file over one login per medium; what comes meanwhile is newer and goes first."""
        senders: dict[str, Sender] = {}
        try:
            while files := await self._waiting():
                self._oldest_ms = min(file.made_ms for file in files)
                for file in files:
                    medium = self._medium_of(file.station_id)
                    if (sender := senders.get(medium)) is None:
                        sender = senders[medium] = self._make_sender(medium)
                        await sender.open()
                    await self._deliver(sender, file)
                    if self._newer:
                        break
            self._oldest_ms = None
        finally:
            for sender in senders.values():
                await sender.close()

    async def _waiting(self) -> list[OutFileRow]:
        self._newer = False
        return await waiting_files(self._destination_id)

    async def _take_back(self) -> None:
        """Let files that were refused for good wait again."""
        await self._wait_again(await refused_files(self._destination_id))

    async def retry(self, file_id: int) -> bool:
        """Let one refused file wait again; whether it is one. Called on the host loop."""
        refused = [each for each in await refused_files(self._destination_id) if each == file_id]
        if not await self._wait_again(refused):
            return False
        self.owed()
        return True

    async def _wait_again(self, file_ids: list[int]) -> bool:
        """Move refused files to the waiting ones, each once, whoever asks at the same time."""
        wanted = [file_id for file_id in file_ids if file_id not in self._on_their_way]
        if not wanted:
            return False
        self._on_their_way.update(wanted)
        try:
            unit = Unit(updates=[(TAKE_BACK, (file_id,)) for file_id in wanted])
            unit.count(f"destination.{self.name}.refused", -len(wanted))
            unit.count(f"destination.{self.name}.waiting", len(wanted))
            await self._writer.settle(unit)
        finally:
            self._on_their_way.difference_update(wanted)
        return True

    async def _give_up(self, file: OutFileRow, reason: str) -> None:
        """A file that the receiver will not have must not hold up the others: a human is needed."""
        unit = Unit(updates=[(REFUSED, (reason[:300], file.id))])
        unit.count(f"destination.{self.name}.refused")
        unit.count(f"destination.{self.name}.waiting", -1)
        await self._writer.settle(unit)
        log.error("file_refused", destination=self.name, name=file.name, reason=reason)

    async def _deliver(self, sender: Sender, file: OutFileRow) -> None:
        name, body = file.name, file.body
        try:
            await sender.deliver(name, body)
        except DeliveryError as error:
            if error.permanent and file.attempts + 1 >= ATTENTION_AFTER:
                await self._give_up(file, error.reason)
            else:
                await self._writer.settle(Unit(updates=[(FAILED, (error.reason[:300], file.id))]))
            raise
        now_s = self._now()
        unit = Unit(updates=[(FORWARDED, (int(now_s * 1000), file.id))])
        unit.count(f"destination.{self.name}.forwarded")
        unit.count(f"destination.{self.name}.waiting", -1)
        if self._latency.add(now_s - file.made_ms / 1000, 1, now_s):
            unit.count(late_counter(self.name, now_s))
        self._latency.keep(unit, now_s, at_once=True)
        await self._writer.settle(unit)
        self._failures = self._refusals = 0
        self.last_error = ""
        log.info("file_forwarded", destination=self.name, name=name, size=len(body))

    def view(self) -> ForwardView:
        """How the destination stands."""
        waiting = self._counters(f"destination.{self.name}.waiting")
        oldest = self._oldest_ms
        now_s = self._now()
        late = late_days(self._counters, self.name, now_s)
        return ForwardView(
            name=self.name,
            kind="files",
            state=self._state(waiting),
            queued=waiting,
            oldest_age_s=None if oldest is None or not waiting else now_s - oldest / 1000,
            last_error=self.last_error,
            deadline_misses_today=next(iter(late.values())),
            p50_s=self._latency.percentile(0.5, now_s),
            p99_s=self._latency.percentile(0.99, now_s),
            deadline_s=self._latency.deadline_s,
            due=self._counters(f"destination.{self.name}.due"),
            forwarded=self._counters(f"destination.{self.name}.forwarded"),
            refused=self._counters(f"destination.{self.name}.refused"),
            late_days=late,
        )

    def _state(self, waiting: int) -> DeliveryState:
        if self._refusals >= ATTENTION_AFTER or self._counters(f"destination.{self.name}.refused"):
            return DeliveryState.REFUSED
        return DeliveryState.QUEUED if waiting else DeliveryState.CURRENT

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {"waiting": self._counters(f"destination.{self.name}.waiting"), "failures": self._failures}
