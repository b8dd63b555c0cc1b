"""The hourly file of one station for one destination: means in the five-column layout, one line per parameter.

Only numbers are written: a mean below the destination's completeness, or failed, is left out, never made up.
Source: TT 10/2021/TT-BTNMT Phụ lục 15 (layout); whether the stamp is the hour's start or end is NOT FOUND: a setting.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.rules.averaging import HourlyMean
from actors.station_profile import StationProfile
from protocols.formats import cv5417_2016, tt10_2021
from protocols.records import ParsedReading
from protocols.times import HOUR_S, build_stamp
from protocols.vocabulary import DeviceStatus, Flag, StationKind
from storage.models import DestinationRow

MEDIUM = {StationKind.AIR: "khi", StationKind.EMISSION: "khi"}
WATER = "nuoc"


@dataclass(frozen=True, slots=True)
class HourlyValue:
    """One parameter's mean."""

    parameter: str
    mean: HourlyMean
    unit: str


@dataclass(frozen=True, slots=True)
class HourlyFile:
    """A file to be delivered."""

    name: str
    body: bytes


def medium_of(kind: StationKind, destination: DestinationRow | None = None) -> str:
    """The folder word of a station's medium: the destination's own, else `khi` (air, gas) or `nuoc` (water)."""
    own = (destination.media if destination is not None else None) or {}
    return own.get(kind) or MEDIUM.get(kind, WATER)


def build_hourly_file(
    profile: StationProfile, destination: DestinationRow, hour_s: int, values: Sequence[HourlyValue]
) -> HourlyFile | None:
    """Write the file; None where no value is good enough for this destination."""
    stamp_s = hour_s if destination.hour_label == "end" else hour_s - HOUR_S
    symbols = destination.symbols or {}
    lines = [
        ParsedReading(
            stamp_s,
            symbols.get(value.parameter, value.parameter),
            value.mean.value,
            format_value(value.mean.value, destination.decimals),
            value.unit,
            DeviceStatus.MEASURING,
            number,
        )
        for number, value in enumerate(values, 1)
        if is_good_enough(value, destination)
    ]
    if not lines:
        return None
    build = cv5417_2016.build if destination.layout == cv5417_2016.LAYOUT else tt10_2021.build
    return HourlyFile(file_name(profile, destination, stamp_s), build(lines))


def is_good_enough(value: HourlyValue, destination: DestinationRow) -> bool:
    """Whether a mean goes to a destination: chosen, complete enough, never failed, suspect if it takes those."""
    mean = value.mean
    refused = (Flag.FAIL, Flag.MISSING) if destination.suspect else (Flag.FAIL, Flag.MISSING, Flag.SUSPECT)
    return (
        (not destination.parameters or value.parameter in destination.parameters)
        and mean.value is not None
        and mean.flag not in refused
        and mean.members >= destination.min_completeness * mean.expected
    )


def file_name(profile: StationProfile, destination: DestinationRow, stamp_s: int) -> str:
    """Write the file's name by the destination's pattern and its name for the station."""
    code = (destination.codes or {}).get(profile.code, profile.code)
    return destination.file_name.format(
        code=code, stamp=build_stamp(stamp_s), medium=medium_of(profile.kind, destination)
    )


def format_value(value: float | None, decimals: int = 4) -> str:
    """Write a mean with so many decimals, without an exponent; nothing for no mean."""
    if value is None:
        return ""
    return f"{value:.{decimals}f}"
