"""The notice clock over a real database: one transaction a look, letters, a restart that goes on where it stood."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio

from actors.notices.clock import NoticeClock, NoticeOptions
from actors.notices.desk import NoticeDesk
from actors.notices.digest import Sign
from actors.notices.postman import Postman
from protocols.errors import DeliveryError
from protocols.vocabulary import Cause
from storage.database import Database
from storage.ids import load_ids
from storage.models import LetterRow, NoticeItemRow, NoticeRow, RecipientRow
from storage.notices import notice, notice_of_token, notices
from storage.sqlite_engine import SqliteEngine
from storage.writer import Writer
from tests.storage.blank import open_blank

pytestmark = pytest.mark.asyncio
T = TypeVar("T")
START_S = 1_763_610_900.0


async def here(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return await make()


class Stage:
    """A clock, a postman and a desk over a database; `stands` is what a test says stands."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.now_s = START_S
        self.writer = Writer(SqliteEngine(folder / "trambox.db"), database.pen)
        self.stands: dict[Cause, dict[str, Sign]] = {}
        self.posted = 0
        self.trouble: DeliveryError | None = None
        self.sent: list[LetterRow] = []

    async def open(self) -> None:
        await self.writer.open()
        await self.begin()

    async def begin(self) -> None:
        """The next process over the same files."""
        ids = await load_ids(self.database)
        self.postman = Postman(lambda: self.now_s, here, self.writer, self._send)
        self.clock = NoticeClock(
            lambda: self.now_s, here, self.writer, ids, NoticeOptions("Sở", "https://t.example"), self._standing,
            lambda recipient, source: not recipient.stations or source.partition(":")[2] in recipient.stations,
            lambda source: "", self._posted, self._nothing,
        )  # fmt: skip
        self.desk = NoticeDesk(lambda: self.now_s, self.writer, ids, self.clock, self.postman)
        await self.clock.recall()

    async def _nothing(self) -> None:
        """No signs from before the start."""

    def _standing(self, cause: Cause) -> Mapping[str, Sign]:
        return self.stands.get(cause, {})

    def _posted(self) -> None:
        self.posted += 1

    async def _send(self, letter: LetterRow) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.sent.append(letter)

    def missing(self, *codes: str) -> None:
        self.stands[Cause.MISSING] = {f"station:{code}": Sign(int(START_S * 1000), "") for code in codes}

    async def minutes(self, count: int) -> None:
        """Let time pass, looking every half minute."""
        for _ in range(2 * count):
            self.now_s += 30
            await self.clock.look()


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    database = await open_blank(tmp_path)
    await RecipientRow.create(name="A", emails=["a@example.vn"], causes=["missing"], stations=["TB_A", "TB_B"])
    await RecipientRow.create(
        name="All", emails=["b@example.vn", "c@example.vn"], webhook="http://127.0.0.1:9/",
        causes=["missing", "failed"], escalate_to=["head@example.vn"], language="en",
    )  # fmt: skip
    stage = Stage(database, tmp_path)
    await stage.open()
    yield stage
    await stage.writer.close()
    await database.close()


async def letters(**wanted: Any) -> list[tuple[str, str, str]]:
    rows = await LetterRow.filter(**wanted).order_by("id")
    return [(row.occasion, row.address, row.state) for row in rows]


async def test_each_recipient_has_its_own_digest_within_twenty_minutes(stage: Stage) -> None:
    stage.missing("TB_B", "TB_C")
    await stage.minutes(6)
    found = {row.recipient: row for row in await NoticeRow.all()}
    assert set(found) == {"A", "All"}
    assert await NoticeItemRow.filter(notice_id=found["A"].id).count() == 1
    assert await NoticeItemRow.filter(notice_id=found["All"].id).count() == 2
    written = await LetterRow.all()
    assert len(written) == 4
    assert all(row.made_ms - START_S * 1000 < 20 * 60_000 for row in written)
    assert stage.posted == 1


async def test_a_look_at_which_nothing_changed_writes_nothing(stage: Stage) -> None:
    stage.missing("TB_A")
    await stage.minutes(6)
    commits = stage.writer.commits
    await stage.minutes(10)
    assert stage.writer.commits == commits


async def test_a_restart_goes_on_where_it_stood_and_tells_nobody_twice(stage: Stage) -> None:
    stage.missing("TB_A")
    await stage.minutes(6)
    before = await letters()
    await stage.begin()
    await stage.minutes(30)
    assert await letters() == before
    stage.missing()
    await stage.minutes(1)
    assert {occasion for occasion, _, _ in (await letters())[len(before) :]} == {"recovered"}
    assert await notices("open") == []
    assert len(await notices("closed")) == 2


async def test_an_unanswered_notice_is_escalated_and_an_answer_is_kept_and_quiets_it(stage: Stage) -> None:
    stage.missing("TB_C")
    await stage.minutes(126)
    assert ("escalated", "head@example.vn", "waiting") in await letters()
    (row,) = await NoticeRow.all()
    assert row.escalated_ms is not None
    await stage.desk.answer(row.id, "Lan", "đứt cáp, 15:00 xong")
    await stage.desk.answer(row.id, "Minh", "")
    count = len(await letters())
    await stage.minutes(300)
    assert len(await letters()) == count
    await stage.begin()
    await stage.minutes(300)
    assert len(await letters()) == count
    whole = await notice_of_token(row.token)
    assert whole is not None
    assert whole.notice.acknowledged_by == "Lan"
    assert [(reply.who, reply.text) for reply in whole.replies] == [("Lan", "đứt cáp, 15:00 xong")]


async def test_news_ask_for_an_answer_again(stage: Stage) -> None:
    stage.missing("TB_C")
    await stage.minutes(6)
    (row,) = await NoticeRow.all()
    await stage.desk.answer(row.id, "Lan", "")
    stage.missing("TB_C", "TB_D")
    await stage.minutes(6)
    whole = await notice(row.id)
    assert whole is not None
    assert whole.notice.acknowledged_ms is None


async def test_a_letter_that_still_waits_is_replaced_by_the_next_one(stage: Stage) -> None:
    stage.missing("TB_C")
    await stage.minutes(6)
    stage.missing("TB_C", "TB_D")
    await stage.minutes(6)
    assert await letters(address="b@example.vn") == [
        ("opened", "b@example.vn", "replaced"),
        ("changed", "b@example.vn", "waiting"),
    ]


async def test_a_recipient_that_is_switched_off_has_its_digests_closed_without_a_word(stage: Stage) -> None:
    stage.missing("TB_A")
    await stage.minutes(6)
    count = len(await letters())
    await RecipientRow.all().update(enabled=False)
    await stage.minutes(1)
    assert await notices("open") == []
    assert len(await letters()) == count


async def test_the_postman_sends_what_waits_and_tries_again_later_what_found_no_server(stage: Stage) -> None:
    stage.missing("TB_A")
    await stage.minutes(6)
    stage.trouble = DeliveryError("SMTP: away")
    assert await stage.postman.round() == 4
    assert await stage.postman.round() == 0
    assert [state for _, _, state in await letters()] == ["waiting"] * 4
    stage.trouble, stage.now_s = None, stage.now_s + 20
    assert await stage.postman.round() == 4
    assert [state for _, _, state in await letters()] == ["sent"] * 4
    assert len(stage.sent) == 4


async def test_a_refused_letter_is_set_aside_until_somebody_sends_it_again(stage: Stage) -> None:
    stage.missing("TB_C")
    await stage.minutes(6)
    stage.trouble = DeliveryError("SMTP: 550 no such person", permanent=True)
    await stage.postman.round()
    refused = await LetterRow.filter(state="refused")
    assert [row.last_error for row in refused] == ["SMTP: 550 no such person"] * 3
    stage.trouble = None
    await stage.desk.try_again(refused[0].id)
    assert await stage.postman.round() == 1
    assert stage.sent[0].id == refused[0].id
