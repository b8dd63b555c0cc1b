"""How the last values of a station stand against their limits."""

import pytest

from actors.exceeding import NOTHING, GoingOn, level_now, station_level, worst_level
from actors.rules.exceedance import is_beyond
from actors.station import StationActor
from actors.station_view import station_values, station_view
from protocols.records import ParsedReading
from protocols.vocabulary import DeliveryState, ExceedanceLevel, Freshness
from tests.actors.exceedance_kit import limited_profile
from tests.actors.station_kit import NOON_S, file, reading

WITHIN, TENDING, NEAR, UNSURE, BEYOND = ExceedanceLevel


def station(value: float, status: str = "00", limits: dict[str, object] | None = None) -> StationActor:
    actor = StationActor(limited_profile(**(limits or {"COD": {"value": 100.0}})))
    actor.receive(file(1, NOON_S, ParsedReading(NOON_S, "COD", value, str(value), "mg/L", status, 1)))
    return actor


@pytest.mark.parametrize(("value", "level"), [(50, WITHIN), (95, NEAR), (101, BEYOND)])
def test_the_last_value_says_how_a_parameter_stands(value: float, level: ExceedanceLevel) -> None:
    actor = station(value)
    assert level_now(actor, actor.series["COD"]) is level
    view = station_view(actor, "", DeliveryState.NONE, 0, NOON_S)
    assert (view.exceedance, view.exceeding) == (level, level is BEYOND)
    assert station_values(actor)[0]["limit"] == 100


def test_a_device_that_calibrates_exceeds_nothing() -> None:
    assert station_level(station(500, "01"), NOTHING) is WITHIN


def test_a_limit_of_another_time_says_nothing_now() -> None:
    actor = station(500, limits={"COD": {"value": 100.0, "valid_to": "2020-01-01"}})
    assert station_level(actor, NOTHING) is WITHIN
    assert station_values(actor)[0]["limit"] is None


def test_a_silent_station_exceeds_nothing_whatever_it_said_last() -> None:
    actor = station(500)
    assert station_level(actor, NOTHING) is BEYOND
    actor.freshness = Freshness.SILENT
    assert station_level(actor, GoingOn(BEYOND)) is WITHIN


def test_a_mean_that_exceeds_counts_beside_the_last_values() -> None:
    assert station_level(station(50), GoingOn(BEYOND)) is BEYOND
    assert worst_level([NEAR, UNSURE, WITHIN]) is UNSURE
    assert [is_beyond(level) for level in ExceedanceLevel] == [False, False, False, True, True]


def test_a_stack_without_its_oxygen_exceeds_nothing() -> None:
    limits: dict[str, object] = {"COD": {"value": 100.0, "o2_ref": 7.0}, "O2": None}
    alone = station(90, limits=limits)
    assert station_level(alone, NOTHING) is WITHIN
    actor = StationActor(limited_profile(**limits))
    actor.receive(file(1, NOON_S, reading(NOON_S, 90.0), reading(NOON_S, 13.9, "O2", line=2)))
    assert station_level(actor, NOTHING) is BEYOND


def test_a_tendency_counts_where_the_last_value_is_within() -> None:
    tending = GoingOn(tending=frozenset({"COD"}))
    assert [station_level(station(value), tending) for value in (50, 95, 101)] == [TENDING, NEAR, BEYOND]
    assert station_values(station(50), tending.tending)[0]["exceedance"] == "tendency"
    assert not station_view(station(50), "", DeliveryState.NONE, 0, NOON_S, tending).exceeding
