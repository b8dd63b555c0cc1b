"""The hourly file of one station for one destination: means in the five-column layout, one line per parameter.

Only numbers are written: a mean below the destination's completeness, or failed, is left out, never made up.
Source: TT 10/2021/TT-BTNMT Phụ lục 15 (layout); whether the stamp is the hour's start or end is NOT FOUND: a setting.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.rules.averaging import HourlyMean
from actors.station_profile import StationProfile
from protocols.formats import cv5417_2016, tt10_2021
from protocols.formats.filename import build_name
from protocols.records import ParsedReading
from protocols.times import HOUR_S
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


def medium_of(kind: StationKind) -> str:
    """The folder word of a station's medium: `khi` (air, gas) or `nuoc` (water)."""
    return MEDIUM.get(kind, WATER)


def build_hourly_file(
    profile: StationProfile, destination: DestinationRow, hour_s: int, values: Sequence[HourlyValue]
) -> HourlyFile | None:
    """Write the file; None where no value is good enough for this destination."""
    stamp_s = hour_s if destination.hour_label == "end" else hour_s - HOUR_S
    lines = [
        ParsedReading(
            stamp_s,
            value.parameter,
            value.mean.value,
            format_value(value.mean.value),
            value.unit,
            DeviceStatus.MEASURING,
            number,
        )
        for number, value in enumerate(values, 1)
        if value.mean.value is not None
        and value.mean.flag is not Flag.FAIL
        and value.mean.members >= destination.min_completeness * value.mean.expected
    ]
    if not lines:
        return None
    build = cv5417_2016.build if destination.layout == cv5417_2016.LAYOUT else tt10_2021.build
    return HourlyFile(build_name(profile.code, stamp_s), build(lines))


def format_value(value: float | None) -> str:
    """Write a mean with four decimals, without an exponent; nothing for no mean."""
    if value is None:
        return ""
    return f"{value:.4f}"
