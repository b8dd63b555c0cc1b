"""The hourly file: only numbers that are good enough, never one that is made up."""

import pytest

from actors.hourly_file import HourlyFile, HourlyValue, build_hourly_file, format_value, medium_of
from actors.rules.averaging import HourlyMean
from protocols.vocabulary import Flag, StationKind
from storage.models import DestinationRow
from tests.actors.station_kit import NOON_S, profile


def destination(**changes: object) -> DestinationRow:
    return DestinationRow(id=1, name="bo", kind="files", url="ftp://127.0.0.1/", **changes)


def value(parameter: str, mean: float | None, members: int = 12, flag: Flag = Flag.GOOD) -> HourlyValue:
    return HourlyValue(parameter, HourlyMean(mean, members, 12, flag), "mg/L")


def built(*values: HourlyValue, **changes: object) -> HourlyFile | None:
    return build_hourly_file(profile(), destination(**changes), NOON_S, values)


def test_a_mean_below_the_destinations_completeness_is_left_out() -> None:
    file = built(value("COD", 5.0), value("TSS", 6.0, members=10), min_completeness=0.9)
    assert file is not None
    assert b"COD" in file.body
    assert b"TSS" not in file.body


@pytest.mark.parametrize("bad", [value("COD", None), value("COD", 5.0, flag=Flag.FAIL), value("COD", 5.0, members=8)])
def test_an_hour_without_any_good_value_is_no_file(bad: HourlyValue) -> None:
    assert built(bad) is None


@pytest.mark.parametrize(("label", "shift_s"), [("end", 0), ("start", 3600)])
def test_the_stamp_is_the_hours_end_or_start_as_the_destination_wants(label: str, shift_s: int) -> None:
    file = built(value("COD", 5.0), hour_label=label)
    other = build_hourly_file(profile(), destination(), NOON_S - shift_s, [value("COD", 5.0)])
    assert file == other


@pytest.mark.parametrize(("number", "text"), [(1e-7, "0.0000"), (1e20, "100000000000000000000.0000"), (None, "")])
def test_a_number_is_written_without_an_exponent(number: float | None, text: str) -> None:
    assert format_value(number) == text


def test_gas_goes_to_khi_and_everything_else_to_nuoc() -> None:
    assert {kind for kind in StationKind if medium_of(kind) == "khi"} == {StationKind.AIR, StationKind.EMISSION}


def test_a_suspect_mean_goes_unless_the_destination_takes_none_and_its_status_stays_measuring() -> None:
    suspect = value("COD", 5.0, flag=Flag.SUSPECT)
    file = built(suspect)
    assert file is not None
    assert file.body.endswith(b"\t00\r\n")
    assert built(suspect, suspect=False) is None


def test_a_destination_has_its_own_names_digits_and_choice() -> None:
    file = built(
        value("COD", 5.0), value("NH4", 1.25), symbols={"NH4": "Amoni"}, codes={"TB_A": "HY_A"}, decimals=1,
        parameters=["NH4"], file_name="{medium}-{code}-{stamp}.txt", media={"wastewater": "nuocthai"},
    )  # fmt: skip
    assert file is not None
    assert file.name.startswith("nuocthai-HY_A-2026")
    assert file.body.startswith(b"Amoni\t1.2\t")
    assert b"COD" not in file.body


def test_a_destination_may_have_its_own_word_for_a_medium() -> None:
    own = destination(media={"hydromet": "kttv"})
    assert [medium_of(kind, own) for kind in (StationKind.HYDROMET, StationKind.AIR)] == ["kttv", "khi"]
