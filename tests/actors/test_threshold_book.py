"""Versions of thresholds: when one is made, by whom, and what keeps its number."""

import pytest

from actors.rules.defaults import Element, find_element, load_elements
from actors.rules.threshold_tables import TablesRefused
from actors.station_profile import StationProfile, settle
from actors.threshold_book import ThresholdBook
from conf.qc_tables import QC_TABLES
from protocols.vocabulary import StationKind
from storage.database import Database
from storage.models import CounterRow, ParameterRow, StationRow, ThresholdVersionRow
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
NOW_S = 1_774_000_000.0
ELEMENTS = load_elements()


async def registered(qc: dict[str, object]) -> tuple[StationRow, ParameterRow]:
    station = await StationRow.create(code="TB_A", kind="wastewater", cadence_s=300)
    return station, await ParameterRow.create(station_id=station.id, symbol="pH", unit="", qc=qc)


def book_of(database: Database, elements: tuple[Element, ...] = ELEMENTS) -> ThresholdBook:
    return ThresholdBook(database, elements, QC_TABLES, lambda: NOW_S)


async def taken(
    book: ThresholdBook, station: StationRow, row: ParameterRow, elements: tuple[Element, ...] = ELEMENTS
) -> StationProfile:
    profile = settle(station, [row], elements)
    return (await book.take_in([(profile, station, [row])]))[0]


async def test_the_first_thresholds_are_a_version_and_the_same_again_are_not(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, _):
        station, row = await registered({})
        first = await taken(book_of(database), station, row)
        again = await taken(book_of(database), station, row)
        (version,) = await ThresholdVersionRow.all()
    assert first.series[0].params_id == again.series[0].params_id == version.id
    assert first.spellings["pH"] is first.series[0]
    assert version.origins["range"] == "default" and version.who == "import"


async def test_an_import_makes_a_version_and_so_does_a_new_default_table(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, _):
        station, row = await registered({})
        book = book_of(database)
        await taken(book, station, row)
        row.qc = {"range": {"fail_lo": 0, "fail_hi": 13}}
        await row.save()
        await taken(book, station, row)
        known = find_element(ELEMENTS, "pH", "", StationKind.WASTEWATER)
        assert known is not None
        wider = Element(known.name, known.symbols, known.units, {**known.tests, "step": {"s10": 9, "s60": 9}})
        await taken(book_of(database, (wider,)), station, row, (wider,))
        versions = await ThresholdVersionRow.all().order_by("id")
    assert [(version.who, version.origins["range"]) for version in versions] == [
        ("import", "default"),
        ("import", "station"),
        ("defaults", "station"),
    ]
    assert len({version.params_hash for version in versions}) == 3


async def test_a_change_by_hand_is_stored_with_its_author_and_noticed_as_an_import_is(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, _):
        station, row = await registered({})
        book = book_of(database)
        await taken(book, station, row)
        version = await book.change(station, "pH", {"step": {"s10": 2, "s60": 4}}, "an", "the river is lively")
        assert version is not None
        assert (version.who, version.reason, version.origins["step"]) == ("an", "the river is lively", "station")
        row = await ParameterRow.get(id=row.id)
        assert row.qc == {"step": {"s10": 2, "s60": 4}}
        assert (await taken(book, station, row)).series[0].params_id == version.id
        assert (await CounterRow.get(name="inventory.version")).value == 1
        assert await book.change(station, "pH", {"step": {"s10": 2.0, "s60": 4}}, "an", "again") is None
        back = await book.change(station, "pH", {"step": None}, "an", "the default again")
    assert back is not None and back.origins["step"] == "default"


async def test_tables_that_cannot_be_used_change_nothing_and_name_every_key(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, _):
        station, row = await registered({})
        book = book_of(database)
        given = {"step": {"s11": 2}, "range": {"fail_lo": 5, "fail_hi": 1}, "sprung": {}, "gap": 3}
        with pytest.raises(TablesRefused) as refused:
            await book.change(station, "pH", given, "an", "why")
        assert [fault.field for fault in refused.value.faults] == ["step", "range", "sprung", "gap"]
        assert (await ParameterRow.get(id=row.id)).qc == {} and not await ThresholdVersionRow.exists()
        with pytest.raises(LookupError):
            await book.change(station, "COD", {"step": False}, "an", "why")
