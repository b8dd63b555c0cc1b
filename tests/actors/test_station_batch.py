"""A station judged at once; that the actor agrees with it is shown in test_station_partners.py."""

from actors.rules.suite import SeriesRecord
from actors.station_batch import judge_station
from protocols.vocabulary import Flag
from tests.actors.station_kit import CADENCE_S, NOON_S, profile


def test_of_an_instant_the_first_record_counts_in_any_order_of_times() -> None:
    records = [SeriesRecord(NOON_S + at * CADENCE_S, value) for at, value in ((2, 5.0), (1, 50.0), (0, 5.0), (1, 9.0))]
    judged = judge_station(profile(), {"COD": records})["COD"]
    assert [row.time_s for row in judged] == [NOON_S, NOON_S + CADENCE_S, NOON_S + 2 * CADENCE_S]
    assert judged[1].tests["spike"] == Flag.FAIL


def test_a_series_nobody_registered_has_its_gaps_judged() -> None:
    (judged,) = judge_station(profile(), {"Xyz": [SeriesRecord(NOON_S, 1.0)]})["Xyz"]
    assert judged.tests == {"gap": Flag.NOT_EVALUATED}
