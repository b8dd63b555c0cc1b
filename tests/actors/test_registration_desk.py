"""A registration on its way: sent, listed, taken into the inventory, or turned down."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from actors.registration_desk import RegistrationDesk
from protocols.errors import UploadRefused
from protocols.formats.workbook import build_workbook
from protocols.vocabulary import Fate
from storage.models import AccountRow, FileRow, ParameterRow, RegistrationRow, StationRow
from storage.registrations import RegistrationDecided, pending_registrations, registration, registrations
from tests.actors.yard import GRANT, Yard, open_yard

pytestmark = pytest.mark.asyncio
NAME = "DK_08_thuydienChiemHoa.xls"
ROWS = [("Donvi", "Công ty A"), ("Loaicongtrinh", "Nhà máy thủy điện"), ("Tinh", "Tuyên Quang")]


@pytest_asyncio.fixture
async def yard(tmp_path: Path) -> AsyncIterator[Yard]:
    async with open_yard(tmp_path) as yard:
        await AccountRow.create(username=GRANT.username, stations=["TB_A"], password_hash="kept")
        yield yard


def desk(yard: Yard) -> RegistrationDesk:
    return RegistrationDesk(yard.database, yard.world.refresh, yard.now)


async def send(yard: Yard, rows: list[tuple[str, str]] = ROWS) -> RegistrationRow:
    receipt = await yard.area.store(GRANT, f"/{NAME}", build_workbook(rows))
    assert "approval" in receipt.text
    return await RegistrationRow.get(file_id=receipt.file_id)


async def test_a_registration_is_kept_and_listed_and_no_station_has_it(yard: Yard) -> None:
    row = await send(yard)
    assert (row.code, row.work, row.province, row.state) == ("08_thuydienChiemHoa", "dam", "08", "pending")
    file = await FileRow.get(id=row.file_id)
    assert (file.fate, file.station_id, file.layout, file.faults) == (Fate.STORED, None, "tt13_2023_dk", [])
    assert (await registrations("pending", 5))[0][0].id == row.id
    assert await pending_registrations() == 1


async def test_the_same_registration_again_is_a_duplicate(yard: Yard) -> None:
    await send(yard)
    receipt = await yard.area.store(GRANT, f"/{NAME}", build_workbook(ROWS))
    assert receipt.fate in (Fate.DUPLICATE, Fate.STORED)  # a workbook carries the second it was written in
    assert await RegistrationRow.all().count() <= 2


async def test_approving_makes_the_station_with_what_its_kind_observes(yard: Yard) -> None:
    row = await send(yard)
    await desk(yard).approve(row.id, "an", "")
    station = await StationRow.get(code="08_thuydienChiemHoa")
    assert (station.kind, station.owner, station.province) == ("hydromet", "Công ty A", "08")
    assert {parameter.symbol for parameter in await ParameterRow.filter(station_id=station.id)} >= {"R", "HTL", "HHL"}
    account = await AccountRow.get(username=GRANT.username)
    assert (account.stations, account.password_hash) == (["TB_A", "08_thuydienChiemHoa"], "kept")
    assert "08_thuydienChiemHoa" in yard.world.known
    found = await registration(row.id)
    assert found is not None
    assert (found[0].state, found[0].decided_by) == ("approved", "an")


async def test_approving_a_change_keeps_what_the_registration_does_not_say(yard: Yard) -> None:
    await desk(yard).approve((await send(yard)).id, "an", "")
    await StationRow.filter(code="08_thuydienChiemHoa").update(grace_s=77)
    await ParameterRow.filter(symbol="HHL").delete()
    again = await send(yard, [("Donvi", "Công ty B"), *ROWS[1:]])
    await desk(yard).approve(again.id, "an", "")
    station = await StationRow.get(code="08_thuydienChiemHoa")
    assert (station.owner, station.grace_s) == ("Công ty B", 77)
    assert not await ParameterRow.filter(station_id=station.id, symbol="HHL").exists()


async def test_a_registration_is_decided_once(yard: Yard) -> None:
    row = await send(yard)
    await desk(yard).reject(row.id, "an", "không phải công trình của tỉnh")
    with pytest.raises(RegistrationDecided, match="rejected by an"):
        await desk(yard).approve(row.id, "binh", "")
    assert not await StationRow.filter(code=row.code).exists()
    with pytest.raises(LookupError):
        await desk(yard).reject(99, "an", "x")


async def test_the_kind_may_be_chosen_by_whoever_approves(yard: Yard) -> None:
    row = await send(yard, [("Donvi", "A"), ("Loaicongtrinh", "?"), ("Tinh", "x")])
    await RegistrationRow.filter(id=row.id).update(work="")
    await desk(yard).approve(row.id, "an", "", "bridge")
    station = await StationRow.get(code=row.code)
    assert station.schedule == "bridge"


async def test_a_registration_without_any_field_is_refused_and_kept(yard: Yard) -> None:
    with pytest.raises(UploadRefused):
        await yard.area.store(GRANT, f"/{NAME}", b"nothing")
    (row,) = await FileRow.all()
    assert (row.fate, row.body) == (Fate.REFUSED, b"nothing")
    assert await registration(1) is None
