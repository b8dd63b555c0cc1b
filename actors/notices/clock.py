"""The notice clock: looks at what stands, keeps one digest per recipient and cause, writes their letters.

A look, with all that it changes, is one transaction; a kill between two looks repeats nothing. What was running is read
back at the start. Source: QĐ 338/QĐ-KTTV Điều 6: the list reaches the responsible unit within 20 minutes of reception.
"""

import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
import trio

from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.notices.digest import Digest, Item, Paces, Sign, Step
from actors.notices.wording import Sender, word_letter
from protocols.vocabulary import Cause, LetterState, Occasion
from storage.ids import Ids
from storage.models import RecipientRow
from storage.notices import WholeNotice, open_notices, recipients
from storage.writer import RETRY_S, StoreError, Unit, Writer

log = structlog.get_logger()

LOOK_S = 5.0
EMAIL, WEBHOOK = "email", "webhook"
RECOVER = "UPDATE notice_items SET recovered_ms = ? WHERE id = ?"
CLOSE = "UPDATE notices SET closed_ms = ? WHERE id = ?"
ESCALATE = "UPDATE notices SET escalated_ms = ? WHERE id = ?"
ASK = "UPDATE notices SET asked_ms = ?, acknowledged_by = '', acknowledged_ms = NULL, escalated_ms = NULL WHERE id = ?"
REPLACE = (
    "UPDATE letters SET state = 'replaced' "
    "WHERE notice_id = ? AND channel = ? AND address = ? AND state = 'waiting' AND id < ?"
)

Standing = Callable[[Cause], Mapping[str, Sign]]


@dataclass(frozen=True, slots=True)
class NoticeOptions:
    """What letters say of the box, and how soon they are written, in seconds."""

    server: str
    public_url: str = ""
    gather_s: float = 300.0
    calm_s: float = 1800.0
    repeat_s: float = 14400.0
    answer_s: float = 7200.0

    def paces(self) -> Paces:
        """The same for the digests."""
        return Paces(int(self.gather_s * 1000), int(self.repeat_s * 1000), int(self.answer_s * 1000))


class NoticeClock:
    """The service `clock:notices`.

    Args:
        standing: cause -> what stands now, by source id.
        concerns: whether a recipient is responsible for a source.
        name_of: a source's name for people.
        posted: called after letters were stored.
        recall: takes up signs from before the start.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        options: NoticeOptions,
        standing: Standing,
        concerns: Callable[[RecipientRow, str], bool],
        name_of: Callable[[str], str],
        posted: Callable[[], None],
        recall: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._ids = ids
        self._options = options
        self._standing = standing
        self._concerns = concerns
        self._name_of = name_of
        self._posted = posted
        self._recall_signs = recall
        self._digests: dict[tuple[str, Cause], Digest] = {}
        self.letters = 0

    @property
    def open(self) -> int:
        """How many digests are running."""
        return len(self._digests)

    def acknowledged(self, notice_id: int) -> None:
        """Somebody took a notice on: no reminders until something new befalls."""
        for digest in self._digests.values():
            if digest.notice_id == notice_id:
                digest.acknowledged = True

    async def run(self, ready: Callable[[], None]) -> None:
        """Look, for ever."""
        await self._host(self.recall)
        await self._host(self._recall_signs)
        ready()
        while True:
            try:
                await self._host(self.look)
            except StoreError as error:
                log.warning("notices_wait", reason=error.reason)
                await self._host(self._recall_when_readable)
                await trio.sleep(RETRY_S)
            await trio.sleep(LOOK_S)

    async def recall(self) -> None:
        """Take up what was running."""
        await self._writer.flush()
        self._digests = {
            (whole.notice.recipient, Cause(whole.notice.cause)): _digest(whole) for whole in await open_notices()
        }

    async def _recall_when_readable(self) -> None:
        """What was decided but not stored must not stand in memory."""
        try:
            await self.recall()
        except StoreError:
            self._digests = {}

    async def look(self) -> None:
        """One look at everything that stands."""
        now_ms = int(self._now() * 1000)
        told = {row.name: row for row in await recipients() if row.enabled}
        unit = Unit()
        letters = 0
        for cause in Cause:
            stands = self._standing(cause)
            for recipient in told.values():
                if cause not in recipient.causes:
                    continue
                wanted = {source: sign for source, sign in stands.items() if self._concerns(recipient, source)}
                letters += self._step(unit, recipient, cause, wanted, now_ms)
        for key in [key for key in self._digests if key[0] not in told or key[1] not in told[key[0]].causes]:
            unit.updates.append((CLOSE, (now_ms, self._digests.pop(key).notice_id)))
        if unit.rows or unit.updates:
            await self._writer.store(unit)
        if letters:
            self.letters += letters
            self._posted()

    def _step(self, unit: Unit, recipient: RecipientRow, cause: Cause, wanted: Mapping[str, Sign], now_ms: int) -> int:
        digest = self._digests.get((recipient.name, cause))
        if digest is None:
            if not wanted:
                return 0
            digest = self._open(unit, recipient.name, cause, now_ms)
        step = digest.look(now_ms, wanted, lambda: self._ids.take("notice_items"), self._options.paces())
        self._keep(unit, digest, step, now_ms)
        if step.closed:
            del self._digests[recipient.name, cause]
        if step.occasion is None:
            return 0
        count = self._write(unit, recipient, digest, step.occasion, now_ms)
        asked_ms = digest.asked_ms
        digest.told(now_ms, step.occasion)
        if digest.asked_ms != asked_ms:
            unit.updates.append((ASK, (now_ms, digest.notice_id)))
        if step.occasion is Occasion.ESCALATED:
            unit.updates.append((ESCALATE, (now_ms, digest.notice_id)))
        return count

    def _open(self, unit: Unit, recipient: str, cause: Cause, now_ms: int) -> Digest:
        digest = Digest(self._ids.take("notices"), recipient, cause, secrets.token_urlsafe(24), now_ms)
        self._digests[recipient, cause] = digest
        row = (digest.notice_id, recipient, str(cause), digest.token, now_ms, None, 0, "", None, None)
        unit.add("notices", row)
        return digest

    def _keep(self, unit: Unit, digest: Digest, step: Step, now_ms: int) -> None:
        for item in step.added:
            row = (item.item_id, digest.notice_id, item.source, item.since_ms, item.added_ms, item.detail[:300], None)
            unit.add("notice_items", row)
        for item in step.recovered:
            unit.updates.append((RECOVER, (now_ms, item.item_id)))
        if step.closed:
            unit.updates.append((CLOSE, (now_ms, digest.notice_id)))

    def _write(self, unit: Unit, recipient: RecipientRow, digest: Digest, occasion: Occasion, now_ms: int) -> int:
        sender = Sender(self._options.server, self._options.public_url, self._options.answer_s / 3600)
        wording = word_letter(digest, occasion, recipient.language, sender, self._name_of, now_ms / 1000)
        emails: Sequence[str] = recipient.emails
        if occasion is Occasion.ESCALATED:
            emails = [*emails, *(address for address in recipient.escalate_to if address not in emails)]
        addressed = [(EMAIL, address, wording.body) for address in emails]
        if recipient.webhook:
            addressed.append((WEBHOOK, recipient.webhook, orjson.dumps(wording.document).decode()))
        for channel, address, body in addressed:
            letter_id = self._ids.take("letters")
            unit.updates.append((REPLACE, (digest.notice_id, channel, address, letter_id)))
            unit.add(
                "letters",
                (
                    letter_id,
                    digest.notice_id,
                    str(occasion),
                    channel,
                    address,
                    wording.subject[:300],
                    body,
                    now_ms,
                    str(LetterState.WAITING),
                    0,
                    now_ms,
                    None,
                    "",
                ),
            )
        log.info(
            "notice_written",
            notice=digest.notice_id,
            recipient=recipient.name,
            cause=str(digest.cause),
            occasion=str(occasion),
            standing=len(digest.standing()),
        )
        return len(addressed)


def _digest(whole: WholeNotice) -> Digest:
    row = whole.notice
    written_ms = [letter.made_ms for letter in whole.letters]
    items = [
        Item(item.id, item.source, item.since_ms, item.added_ms, item.detail, item.recovered_ms) for item in whole.items
    ]
    return Digest(
        row.id,
        row.recipient,
        Cause(row.cause),
        row.token,
        row.opened_ms,
        items,
        row.asked_ms,
        max(written_ms, default=0),
        row.acknowledged_ms is not None,
        row.escalated_ms is not None,
    )
