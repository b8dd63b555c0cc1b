"""Every upload becomes one row with one fate; nothing is acknowledged before it is durable."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from protocols.errors import StorageFull, UploadRefused
from protocols.vocabulary import Fate
from storage.models import FileRow, ReadingRow
from storage.writer import StoreError, Transaction
from tests.actors.station_kit import NOON_S
from tests.actors.yard import GRANT, Yard, open_yard

pytestmark = pytest.mark.asyncio
NAME = "TB_A_20260320170000.txt"
BODY = b"COD\t16.25\tmg/L\t20260320170000\t00\r\n"


@pytest_asyncio.fixture
async def yard(tmp_path: Path) -> AsyncIterator[Yard]:
    async with open_yard(tmp_path) as yard:
        yield yard


async def fates() -> list[str]:
    return [str(fate) for fate in await FileRow.all().order_by("id").values_list("fate", flat=True)]


async def test_an_upload_is_durable_when_it_is_acknowledged(yard: Yard) -> None:
    receipt = await yard.intake.keep(GRANT, "TB_A", NAME, BODY)
    row = await FileRow.get(id=receipt.file_id)
    assert (row.fate, row.body, row.name, row.station_id) == (Fate.STORED, BODY, NAME, 1)
    assert row.path == f"TB_A/2026/03/20/{NAME}"


async def test_an_upload_without_readings_is_kept_and_refused_with_its_fault(yard: Yard) -> None:
    with pytest.raises(UploadRefused, match="refused"):
        await yard.intake.keep(GRANT, "TB_A", NAME, b"no reading here")
    (row,) = await FileRow.all()
    assert (row.fate, row.body) == (Fate.REFUSED, b"no reading here")
    assert row.reason
    assert yard.told == []


async def test_the_answer_of_a_sampler_is_answered_as_one(yard: Yard) -> None:
    yard.intake.answered = lambda station_id, name, data: lambda unit, file_id: None
    receipt = await yard.intake.keep(GRANT, "TB_A", "TB_A_LAYMAU_1.txt", b"OK")
    assert receipt.text == f"kept as {receipt.file_id}: the answer of a sampler"


async def test_an_upload_of_no_known_station_is_kept_and_refused(yard: Yard) -> None:
    with pytest.raises(UploadRefused, match="TB_A, TB_B"):
        await yard.intake.keep(GRANT, None, "XY_20260320170000.txt", BODY)
    assert await fates() == ["refused"]


async def test_a_refused_file_may_be_sent_again_mended(yard: Yard) -> None:
    with pytest.raises(UploadRefused):
        await yard.intake.keep(GRANT, "TB_A", NAME, b"no reading here")
    assert (await yard.intake.keep(GRANT, "TB_A", NAME, BODY)).fate is Fate.STORED


async def test_the_same_upload_twice_at_once_is_stored_once(yard: Yard) -> None:
    receipts = await asyncio.gather(*(yard.intake.keep(GRANT, "TB_A", NAME, BODY) for _ in range(5)))
    assert sorted(receipt.fate for receipt in receipts) == ["duplicate"] * 4 + ["stored"]
    assert sorted(await fates()) == ["duplicate"] * 4 + ["stored"]


async def test_a_double_of_an_upload_that_could_not_be_stored_is_no_duplicate(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine fails once, as a disk does: the first upload is refused, so the second must be stored itself."""
    engine = yard.writer._engine
    commit, failures = engine.commit, [StoreError("disk short")]

    async def flaky(transaction: Transaction) -> None:
        if failures:
            raise failures.pop()
        await commit(transaction)

    monkeypatch.setattr(engine, "commit", flaky)
    first, second = await asyncio.gather(
        *(yard.intake.keep(GRANT, "TB_A", NAME, BODY) for _ in range(2)), return_exceptions=True
    )
    assert isinstance(first, StorageFull)
    assert not isinstance(second, BaseException)
    assert second.fate is Fate.STORED
    assert await fates() == ["stored"]


async def test_a_closed_intake_takes_nothing(yard: Yard) -> None:
    yard.intake.closed = "disk short"
    with pytest.raises(StorageFull, match="disk short"):
        await yard.intake.keep(GRANT, "TB_A", NAME, BODY)
    assert await fates() == []


async def test_a_big_file_that_is_overtaken_by_a_small_one_is_judged_too(yard: Yard) -> None:
    """The big one waits for its disk write; its row must come after the small one's, or its station would skip it."""
    released = asyncio.Event()
    keep_big = yard.intake._keep_big

    async def slow(data: bytes) -> str:
        await released.wait()
        return await keep_big(data)

    yard.intake._keep_big = slow
    big_body = BODY.replace(b"170000", b"165500") + b"\r\n" * (1 << 19)
    big = asyncio.create_task(yard.intake.keep(GRANT, "TB_A", "TB_A_20260320165500.txt", big_body))
    await asyncio.sleep(0)
    await yard.intake.keep(GRANT, "TB_A", NAME, BODY)
    released.set()
    receipt = await big
    await yard.writer.flush()
    assert await ReadingRow.filter(file_id=receipt.file_id).count() == 1
    row = await FileRow.get(id=receipt.file_id)
    assert row.body is None
    assert await yard.files.bytes_of(row) == big_body


async def test_every_fate_is_counted_with_its_row(yard: Yard) -> None:
    await yard.upload("TB_A", NOON_S, 5.0)
    await yard.upload("TB_A", NOON_S, 5.0)
    with pytest.raises(UploadRefused):
        await yard.intake.keep(GRANT, None, "x", b"")
    got = yard.counters.snapshot()
    assert got["files.received"] == got["files.stored"] + got["files.duplicate"] + got["files.refused"] == 3
