"""Judges whole stored series of one station at once: the definition that the station's actor agrees with.

The nightly batch asks it for what came too late for the actor's memory; the tests hold the actor against it.
Invariant: pure; any order of arrival gives the same verdicts, but that of an instant the first record counts.
"""

from collections.abc import Iterable, Mapping
from math import isfinite

from actors.rules.flags import whole_flag
from actors.rules.partners import Partners
from actors.rules.suite import Judged, SeriesRecord, SeriesSuite, is_usable, judge_alone, judge_rows
from actors.rules.timetable import Timetable
from actors.station_profile import StationProfile
from protocols.verdict import EXCLUDED, SHIFT, pack

Known = dict[int, tuple[float | None, int]]
"""Of one series by time: the value, and its verdict so far."""


def judge_station(
    profile: StationProfile, stored: Mapping[str, Iterable[SeriesRecord]], pace: Timetable | None = None
) -> dict[str, list[Judged]]:
    """Judge the stored records of a station.

    Args:
        pace: the timetable with its raised stretches; None = the profile's own.
        stored: by symbol in use, in order of arrival; `before` holds syntax and order, `excluded` is found out here.
    Returns:
        Final verdicts of the active records by symbol, ascending by time; nothing about qualifiers' order of arrival.
    """
    profiles = {symbol: profile.series_of(symbol) or profile.unknown_series(symbol) for symbol in stored}
    known: dict[str, Known] = {}
    for symbol, records in stored.items():
        own = known[symbol] = Known()
        limits = profiles[symbol].thresholds
        for time_s, given, before, _ in records:
            if time_s not in own:
                value = given if given is not None and isfinite(given) else None
                own[time_s] = value, pack(before) | judge_alone(value, limits)
    found = {symbol: _with_partners(profile.partners, symbol, known) for symbol in stored}
    return {
        symbol: [
            Judged(time_s, verdict, whole_flag(verdict, missing=value is None))
            for time_s, value, verdict in judge_rows(
                rows, SeriesSuite(profiles[symbol].thresholds).follow(pace or profile.timetable)
            )
        ]
        for symbol, rows in found.items()
    }


def _with_partners(partners: Partners, symbol: str, known: Mapping[str, Known]) -> list[tuple[int, float | None, int]]:
    """Add to each record what the other parameters of its instant have to do with it."""
    sources = partners.sources.get(symbol)
    rows: list[tuple[int, float | None, int]] = []
    for time_s, (value, so_far) in sorted(known[symbol].items()):
        verdict = so_far
        if sources is not None:
            values: dict[str, float] = {}
            for source in sources:
                number, other = known.get(source, {}).get(time_s, (None, 0))
                if number is not None and is_usable(other):
                    values[source] = number
            verdict |= partners.judge(values, {symbol}).get(symbol, 0) << SHIFT["consistency"]
            if partners.may_stand_still(symbol, time_s, values):
                verdict |= EXCLUDED
        rows.append((time_s, value, verdict))
    return rows
