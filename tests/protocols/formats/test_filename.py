"""Names of station files."""

import pytest

from protocols.formats.filename import Family, Series, build_name, parse_name
from protocols.times import parse_iso


def test_a_name_of_tt10_has_province_facility_and_station() -> None:
    name = parse_name("HN_ABCD_NUO001_20260101120000.txt")
    assert name is not None
    assert (name.code, name.parts) == ("HN_ABCD_NUO001", ("HN", "ABCD", "NUO001"))
    assert name.time_s == parse_iso("2026-01-01T12:00:00+07:00")
    assert (name.family, name.medium) == (Family.ENVIRONMENT, "nuoc")


@pytest.mark.parametrize(("station", "medium"), [("KHIKXQ", "khi"), ("nuosxl", "nuoc"), ("XYZ001", "")])
def test_the_medium_is_in_the_station_part(station: str, medium: str) -> None:
    name = parse_name(f"TB_CAPH_{station}_20260101120000.txt")
    assert name is not None
    assert name.medium == medium


def test_a_name_of_the_5417_era_has_a_code_of_other_parts() -> None:
    name = parse_name("ND01_Tram_so_1_20170915100000.TXT")
    assert name is not None
    assert (name.code, name.parts, name.extension) == ("ND01_Tram_so_1", ("", "", ""), "txt")


def test_digits_that_are_no_instant_leave_the_name_without_time() -> None:
    name = parse_name("HN_ABCD_NUO001_20260132120000.txt")
    assert name is not None
    assert (name.stamp, name.time_s) == ("20260132120000", None)


@pytest.mark.parametrize(
    ("text", "code", "series"),
    [
        ("08_thuydienChiemHoa_obsdata_20200903071000.txt", "08_thuydienChiemHoa", Series.OBSERVED),
        ("08_thuydienChiemHoa_ predata_20200903071000.txt", "08_thuydienChiemHoa", Series.FORECAST),
        ("01_Vuonquocgiabavi_20200901010000.txt", "01_Vuonquocgiabavi", Series.ORDINARY),
        ("01_CaotocPhapVan_20200901010000.xls", "01_CaotocPhapVan", Series.ORDINARY),
    ],
)
def test_a_hydrometeorological_name_has_a_work_and_a_series(text: str, code: str, series: Series) -> None:
    name = parse_name(text)
    assert name is not None
    assert (name.family, name.code, name.series) == (Family.HYDROMET, code, series)


def test_month_and_minute_stand_in_the_same_order_in_both_rules() -> None:
    """TT 13/2023 writes YYYYmmddhhMMss, TT 10/2021 yyyyMMddHHmmss: both mean month before day, minute after hour."""
    name = parse_name("08_thuydienChiemHoa_obsdata_20200903071000.txt")
    assert name is not None
    assert name.time_s == parse_iso("2020-09-03T07:10:00+07:00")


def test_a_registration_has_no_time() -> None:
    name = parse_name("DK_08_thuydienChiemHoa.xls")
    assert name is not None
    assert (name.code, name.series, name.time_s) == ("08_thuydienChiemHoa", Series.REGISTRATION, None)


@pytest.mark.parametrize(
    "path", ["/NUO001/2026/01/01/HN_A_NUO001_20260101120000.txt", "C:\\x\\HN_A_NUO001_20260101120000.txt"]
)
def test_folders_before_the_name_are_ignored(path: str) -> None:
    name = parse_name(path)
    assert name is not None
    assert name.code == "HN_A_NUO001"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "readme.txt",
        "HN_ABCD_NUO001_2026010112000.txt",
        "HN_ABCD_NUO001_20260101120000.txt.tmp",
        "HN_ABCD_NUO001_20260101120000",
        "_20260101120000.txt",
        "HN_ABCD_NUO001_２０２６０１０１１２００００.txt",
    ],
)
def test_another_name_is_none(text: str) -> None:
    assert parse_name(text) is None


@pytest.mark.parametrize(
    "text", ["HN_ABCD_NUO001_20260101120000.txt", "08_thuydienChiemHoa_predata_20200903071000.txt"]
)
def test_building_what_was_parsed_gives_the_same_name(text: str) -> None:
    name = parse_name(text)
    assert name is not None
    assert name.time_s is not None
    assert build_name(name.code, name.time_s, name.series) == text
