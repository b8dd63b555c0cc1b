"""The nine kinds of works."""

import pytest

from actors.rules.schedules import work_schedules
from actors.rules.works import find_work, work_named, works
from protocols.symbols import canonical_symbol
from protocols.units import BY_NAME, canonical_unit, convert


def test_there_are_nine_and_each_has_its_article() -> None:
    assert len({work.name for work in works()}) == 9
    assert all(work.article and work.elements for work in works())


@pytest.mark.parametrize(
    ("texts", "name"),
    [(("Nhà máy thủy điện",), "dam"), (("Đập, hồ chứa",), "dam"), (("Cảng thủy nội địa",), "inland_port"),
     (("Cảng biển",), "sea_port"),
     (("Cảng hàng không",), "airport"), (("", "Caubaichay"), "bridge"), (("", "ThapTHVietNam"), "tower"),
     (("Cáp treo",), "cable_car"),
     (("", "Vuonquocgiabavi"), "national_park"), (("Đường cao tốc",), "motorway"), (("Sân bay", "NB"), "airport")],
)  # fmt: skip
def test_a_kind_is_found_by_what_a_registration_says(texts: tuple[str, ...], name: str) -> None:
    found = find_work(*texts)
    assert found is not None
    assert found.name == name


def test_an_unknown_kind_is_none() -> None:
    assert find_work("Nhà máy xi măng", "x") is None
    assert work_named("x") is None


def test_every_element_has_a_known_unit_and_every_further_one_is_convertible() -> None:
    for element in (element for work in works() for element in work.elements):
        assert canonical_unit(element.unit) in BY_NAME
        assert canonical_symbol(element.symbol) == element.symbol
        assert all(convert(1, unit, element.unit) is not None for unit in element.units)


def test_every_schedule_is_one() -> None:
    assert {work.schedule for work in works()} - {""} <= set(work_schedules())
