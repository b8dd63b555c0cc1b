"""Province codes in names, by date."""

import pytest

from actors.name_check import name_faults, registered_faults, same_work
from protocols.formats.tt13_2023_registration import Registration
from protocols.times import parse_iso

NOW_S = parse_iso("2026-03-20T17:00:00+07:00")


@pytest.mark.parametrize("name", ["34_hochuaA_20260320170000.txt", "HN_ABCD_NUO001_20260320170000.txt", "34.txt"])
def test_a_name_under_its_registered_code_has_no_fault(name: str) -> None:
    assert name_faults(name, "34_hochuaA", NOW_S) == ()


def test_a_code_that_no_province_ever_had_is_told() -> None:
    (fault,) = name_faults("03_hochuaA_20260320170000.txt", "34_hochuaA", NOW_S)
    assert (fault.field, fault.reason, fault.hint) == ("name", "province", "34")


def test_another_province_than_the_registered_one_is_told_as_the_one_of_that_day() -> None:
    (fault,) = name_faults("15_hochuaA_20260320170000.txt", "10_hochuaA", NOW_S)
    assert "Lào Cai" in fault.detail
    (fault,) = name_faults("15_hochuaA_20250320170000.txt", "10_hochuaA", NOW_S)
    assert "Yên Bái" in fault.detail


def test_a_work_is_found_again_under_the_code_of_its_new_province() -> None:
    codes = ("34_hochuaA", "34_capB", "HN_ABCD_NUO001")
    assert same_work("33_HochuaA_20260320170000.xls", codes) == "34_hochuaA"
    assert same_work("33_hochuaA_tram01_R_20260320170000.xls", codes) == "34_hochuaA"
    assert same_work("03_hochuaA_20260320170000.xls", codes) is None
    assert same_work("33_hochuaA_20260320170000.xls", (*codes, "01_hochuaA")) is None


@pytest.mark.parametrize("told", ["Lào Cai", "tỉnh Lào Cai", "YEN BAI", "15", ""])
def test_a_registration_may_name_its_province_by_any_name_that_its_code_had(told: str) -> None:
    assert registered_faults("DK_15_hochuaA.xls", Registration("15_hochuaA", "15", {"Tinh": told}, ())) == ()


def test_a_registration_that_contradicts_its_code_is_told() -> None:
    (fault,) = registered_faults("DK_15_hochuaA.xls", Registration("15_hochuaA", "15", {"Tinh": "Cà Mau"}, ()))
    assert (fault.field, fault.hint) == ("Tinh", "15") and "Lào Cai" in fault.detail and "Cà Mau" in fault.detail
    (fault,) = registered_faults("DK_03_hochuaA.xls", Registration("03_hochuaA", "03", {"Tinh": "Cà Mau"}, ()))
    assert "No province has the code 03" in fault.detail
