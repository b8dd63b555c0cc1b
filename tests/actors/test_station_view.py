"""How a station looks on the board."""

import pytest

from actors.station_view import completeness, shown, station_values, station_view
from protocols.vocabulary import ActorState, DeliveryState, Flag, Freshness
from tests.actors.station_kit import CADENCE_S, GRACE_S, NOON_S, file, reading, station


def test_a_stopped_stations_data_are_paused_whatever_they_were() -> None:
    assert {shown(freshness, ActorState.STOPPED) for freshness in Freshness} == {Freshness.PAUSED}


def test_a_station_shows_when_it_is_due_and_its_worst_last_flag() -> None:
    actor = station(("COD", "TSS"))
    actor.receive(file(1, NOON_S, reading(NOON_S, 5.0), reading(NOON_S, 200.0, "TSS")))
    view = station_view(actor, "Cà Phê", DeliveryState.CURRENT, 0, NOON_S)
    assert (view.name, view.last_seen_s, view.deadline_s) == ("Cà Phê", NOON_S, NOON_S + CADENCE_S + GRACE_S)
    assert view.worst_flag is Flag.FAIL
    assert [row["parameter"] for row in station_values(actor)] == ["COD", "TSS"]


@pytest.mark.parametrize(("missing", "share"), [(0, 1.0), (3, 0.75)])
def test_completeness_is_the_share_of_the_expected_values_that_came(missing: int, share: float) -> None:
    actor = station()
    slots = [0, *range(1 + missing, 13)]
    for seq, slot in enumerate(slots, 1):
        at_s = NOON_S + slot * CADENCE_S
        actor.receive(file(seq, at_s, reading(at_s, 5.0)))
    assert completeness(actor.series["COD"], NOON_S + 12 * CADENCE_S) == pytest.approx(share)


def test_a_name_that_a_broken_line_made_up_does_not_count_as_expected() -> None:
    actor = station(("COD",))
    actor.receive(file(1, NOON_S, reading(NOON_S, 5.0), reading(NOON_S, 5.0, "COD\\x8f")))
    for slot in range(1, 7):
        at_s = NOON_S + slot * CADENCE_S
        actor.receive(file(1 + slot, at_s, reading(at_s, 5.0)))
    view = station_view(actor, "Cà Phê", DeliveryState.CURRENT, 0, NOON_S + 6 * CADENCE_S)
    assert view.completeness_24h == 1.0
