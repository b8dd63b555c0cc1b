"""What stands for each cause, read off the world."""

from types import SimpleNamespace
from typing import Any

from actors.notices.tendencies import Tendencies
from actors.provider_watch import Silence
from actors.rules.limits import Averaging
from protocols.vocabulary import Cause, Freshness
from server.notices import Notices
from storage.models import RecipientRow, TicketRow
from tests.actors.station_kit import NOON_S, file, profile, reading, station


def notices() -> Any:
    """The wing without its clock: only what it looks at."""
    made: Any = object.__new__(Notices)
    actor = station()
    actor.receive(file(1, NOON_S, reading(NOON_S, 5.0)))
    made.silent_providers = dict
    made._tendencies = Tendencies()
    made._world = SimpleNamespace(stations={"TB_A": actor}, profiles={1: profile()})
    return made


def test_a_silence_by_the_watchdog_is_missing_whatever_freshness_says() -> None:
    made = notices()
    made.join(lambda actor: actor.freshness is Freshness.FRESH, lambda: ())
    assert list(made._standing(Cause.MISSING)) == ["station:TB_A"]
    made.join(lambda actor: False, lambda: ())
    assert made._standing(Cause.MISSING) == {}


def test_a_provider_that_fell_silent_is_one_line_for_all_its_vehicles_to_those_who_answer_for_all() -> None:
    made = notices()
    made.join(lambda actor: False, lambda: ())
    made.silent_providers = lambda: {"gps1": Silence(7, 2000)}
    assert made._standing(Cause.MISSING) == {"provider:gps1": (7, "2000 vehicles")}
    told = [made._concerns(RecipientRow(name="so", **some), "provider:gps1") for some in ({}, {"stations": ["gps1"]})]
    assert told == [True, False]


def test_a_question_without_an_answer_in_time_stands_since_it_was_due() -> None:
    made = notices()
    ticket = TicketRow(station_id=1, parameter="COD", question="Đầu đo bẩn?", asked_by="an", due_ms=7)
    made.join(lambda actor: False, lambda: (ticket, TicketRow(station_id=9, due_ms=1)))
    assert made._standing(Cause.VERIFICATION) == {"station:TB_A": (7, "COD Đầu đo bẩn? (an)")}


def test_means_over_a_limit_are_told_beside_the_last_values_and_not_of_a_silent_station() -> None:
    """NĐ 08/2022/NĐ-CP art. 97: it is the mean of the day that counts."""
    made = notices()
    made._now = lambda: NOON_S
    made.means_beyond = lambda station_id: {"COD": [Averaging.HOUR, Averaging.DAY]} if station_id == 1 else {}
    assert made._standing(Cause.EXCEEDING) == {"station:TB_A": (NOON_S * 1000, "COD (hour, day)")}
    made._world.stations["TB_A"].freshness = Freshness.SILENT
    assert made._standing(Cause.EXCEEDING) == {}


def test_a_tendency_is_told_until_the_value_is_within_its_limit_and_tends_nowhere() -> None:
    made = notices()
    made._now = lambda: NOON_S
    made.tending = lambda station_id: ()
    assert made._standing(Cause.TENDENCY) == {}
    made.tending = lambda station_id: {"COD"} if station_id == 1 else ()
    assert made._standing(Cause.TENDENCY) == {"station:TB_A": (NOON_S * 1000, "COD")}
    made._now = lambda: NOON_S + 600
    assert made._standing(Cause.TENDENCY) == {"station:TB_A": (NOON_S * 1000, "COD")}
    made._world.stations["TB_A"].freshness = Freshness.SILENT
    assert made._standing(Cause.TENDENCY) == {}
