"""`qc.syntax` of the inventory."""

import pytest

from actors.rules.syntax import folded_unit
from actors.rules.syntax_units import SyntaxUnits, settle_units


def test_the_first_unit_of_a_list_is_the_parameters_where_it_has_none() -> None:
    assert settle_units("pH", "", {"units": ["-", "pH"]}) == ("-", frozenset({""}))


def test_the_registered_unit_always_belongs_to_them() -> None:
    assert settle_units("CO", "ug/m3", {"units": ["mg/m3"]}) == (
        "ug/m3",
        frozenset(map(folded_unit, ["µg/m3", "mg/m3"])),
    )


def test_false_judges_no_unit() -> None:
    assert settle_units("CO", "ug/m3", False) == ("ug/m3", None)


@pytest.mark.parametrize("table", [{"unit": []}, {"units": "mg/L"}, {"units": [1]}, {"units": {"CO": "mg"}}])
def test_another_shape_is_a_fault(table: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"qc\.syntax"):
        SyntaxUnits.from_table(table)
