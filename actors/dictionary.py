"""What one station's files may say: whose parameter a spelling is, and what its unit means for the value.

The intake asks it for the faults of a file, the station's actor for the value to judge, `trambox check` for both: one
answer. A unit that the inventory allows beside the registered one is converted; any other leaves the value as it came,
and the reading fails (docs/decisions/0012).
Invariant: what a reading means depends on the profile and the reading alone, so a replay says the same.
"""

from collections.abc import Sequence
from typing import NamedTuple

from actors.rules.magnitudes import Magnitude, magnitudes_of, other_unit
from actors.rules.syntax import CONVERTED, MAGNITUDE, folded_unit, judge_reasons
from actors.station_profile import SeriesProfile, StationProfile
from protocols.records import ParsedReading
from protocols.units import convert
from protocols.vocabulary import Flag

MOST_SPELLINGS = 4000
"""So many spellings are remembered; a sender that invents more has them looked up anew."""


class Ruling(NamedTuple):
    """What the inventory says of one spelling of parameter and unit."""

    series: SeriesProfile
    reasons: tuple[str, ...]
    doubts: tuple[Magnitude, ...]
    is_plain: bool
    """The usual case: nothing to add, nothing to convert."""


class Settled(NamedTuple):
    """A reading in the station's terms: the value in the station's unit, its flag, and why."""

    series: SeriesProfile
    reading: ParsedReading
    flag: Flag
    reasons: tuple[str, ...]
    raw_unit: str


class Dictionary:
    """The spellings of one station."""

    __slots__ = ("_profile", "_rulings")

    def __init__(self, profile: StationProfile) -> None:
        self._profile = profile
        self._rulings: dict[tuple[str, str, str], Ruling] = {}

    def settle(self, reading: ParsedReading) -> Settled:
        """Put a reading into the station's terms."""
        ruling = self.ruling(reading)
        series, raw_unit = ruling.series, reading.unit
        if ruling.is_plain and not reading.reasons and reading.status in ("00", ""):
            return Settled(series, reading, Flag.GOOD, (), raw_unit)
        reasons = [*reading.reasons, *ruling.reasons]
        if reading.value is not None:
            if CONVERTED in ruling.reasons:
                own = series.unit or ""
                reading = reading._replace(value=convert(reading.value, raw_unit, own), unit=own)
            if "unit" not in reasons and ruling.doubts and other_unit(reading.value or 0.0, ruling.doubts):
                reasons.append(MAGNITUDE)
        verdict = judge_reasons(reading.status, reasons)
        return Settled(series, reading, verdict.flag, verdict.reasons, raw_unit)

    def ruling(self, reading: ParsedReading) -> Ruling:
        """Look a spelling up."""
        spelling = reading.parameter, reading.sub_station, reading.unit
        ruling = self._rulings.get(spelling)
        if ruling is None:
            if len(self._rulings) >= MOST_SPELLINGS:
                self._rulings.clear()
            ruling = self._rulings[spelling] = self._look_up(*spelling)
        return ruling

    def _look_up(self, parameter: str, sub_station: str, unit: str) -> Ruling:
        profile = self._profile
        series = profile.series_named(parameter, sub_station)
        if series is None:
            reasons: tuple[str, ...] = (
                ("param",) if profile.series else ()
            )  # nothing is registered: nothing to hold it against
            return Ruling(profile.unknown_series(parameter, sub_station), reasons, (), is_plain=not reasons)
        element = series.symbol.removeprefix(f"{sub_station}.")
        doubts = magnitudes_of(element, series.unit or "", profile.kind)
        reasons = _unit_reasons(unit, series)
        return Ruling(series, reasons, doubts, is_plain=not reasons and not doubts)

    @property
    def registered(self) -> Sequence[str]:
        """The symbols of the inventory, in its order."""
        return [series.symbol for series in self._profile.series]


def _unit_reasons(sent: str, series: SeriesProfile) -> tuple[str, ...]:
    """What is to be told of a unit."""
    own, folded = series.unit or "", folded_unit(sent)
    if series.units is None or folded == folded_unit(own):
        return ()
    if folded not in series.units:
        return ("unit",)
    return (CONVERTED,) if sent.strip(" -") and convert(1.0, sent, own) is not None else ()
