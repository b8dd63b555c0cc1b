"""Station files of the simulated loggers, read back as the intake would."""

from random import Random

import pytest

from protocols.formats import tt10_2021
from protocols.formats.filename import parse_name
from protocols.vocabulary import StationKind
from server.simulator.curves import PROFILES, Profile, value_at
from server.simulator.files import Logger
from server.simulator.parts import StationPart

NOON_S = 1_772_427_600
DAY = range(NOON_S, NOON_S + 86_400, 600)


def logger(part: StationPart, kind: StationKind = StationKind.WASTEWATER) -> Logger:
    return Logger("HY_HYEN00_NUOTHA", PROFILES[kind], part, Random(7))


@pytest.mark.parametrize("kind", PROFILES)
def test_a_punctual_station_writes_whole_files(kind: StationKind) -> None:
    file = logger(StationPart.PUNCTUAL, kind).write(NOON_S)
    parsed = tt10_2021.parse(file.body)
    name = parse_name(file.name)
    assert name is not None and name.time_s == NOON_S
    assert parsed.faults == ()
    assert [(record.parameter, record.unit) for record in parsed.records] == [
        (profile.symbol, profile.unit) for profile in PROFILES[kind]
    ]
    assert {record.time_s for record in parsed.records} == {NOON_S}


@pytest.mark.parametrize("profile", [profile for profiles in PROFILES.values() for profile in profiles])
def test_a_days_values_stay_in_range_below_the_limit_and_move(profile: Profile) -> None:
    random = Random(3)
    values = [float(value_at(profile, time_s, random)) for time_s in DAY]
    assert max(values) < (profile.limit or profile.range_hi)
    assert len(set(values)) > 10


def test_a_day_is_highest_at_its_peak() -> None:
    ozone = next(profile for profile in PROFILES[StationKind.AIR] if profile.symbol == "O3")
    random = Random(3)
    at_peak, at_night = (float(value_at(ozone, NOON_S + hour * 3600, random)) for hour in (2, 14))
    assert at_peak > at_night + 50


def test_an_exceeding_station_is_above_a_limit_for_hours() -> None:
    exceeding = logger(StationPart.EXCEEDING)
    over = 0
    for time_s in DAY:
        records = {record.parameter: record.value for record in tt10_2021.parse(exceeding.write(time_s).body).records}
        over += (records["COD"] or 0) > 90
    assert 20 < over < len(DAY)


def test_a_wrong_unit_is_one_parameter_in_thousandths() -> None:
    wrong = {r.parameter: r for r in tt10_2021.parse(logger(StationPart.WRONG_UNIT).write(NOON_S).body).records}
    assert wrong["COD"].unit == "ug/L"
    assert (wrong["COD"].value or 0) > 10_000
    assert wrong["TSS"].unit == "mg/L"


def test_a_faulty_logger_makes_every_kind_of_fault_and_spoils_one_line_a_file() -> None:
    faulty = logger(StationPart.FAULTY)
    reasons: set[str] = set()
    for time_s in DAY:
        parsed = tt10_2021.parse(faulty.write(time_s).body)
        assert len(parsed.records) >= len(PROFILES[StationKind.WASTEWATER]) - 1
        reasons |= {fault.reason for fault in parsed.faults}
    assert len(reasons) >= 3
