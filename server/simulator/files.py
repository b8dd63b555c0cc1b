"""What the simulated loggers write: station files of TT 10/2021/TT-BTNMT, whole ones and broken ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from protocols.formats import tt10_2021
from protocols.formats.filename import build_name
from protocols.records import ParsedReading
from protocols.times import HOUR_S
from protocols.vocabulary import DeviceStatus
from server.simulator.curves import Profile, value_at
from server.simulator.parts import StationPart

EXCEEDING_FACTOR = 2.5
SMALLER_UNITS = {"mg/L": "ug/L", "mg/Nm3": "ug/Nm3", "ug/m3": "ng/m3"}
"""A thousandth of each unit, for the logger that was set up wrongly."""


class StationFile(NamedTuple):
    """A file as it goes over the wire."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Logger:
    """What writes a station's files."""

    code: str
    profiles: tuple[Profile, ...]
    part: StationPart
    random: Random

    def write(self, time_s: int) -> StationFile:
        """Write the file of one instant."""
        body = tt10_2021.build(self._readings(time_s))
        if self.part is StationPart.FAULTY:
            body = _break(body, self.random)
        return StationFile(build_name(self.code, time_s), body)

    def write_hour(self, hour_s: int, cadence_s: int) -> StationFile:
        """Write all instants of the hour that ended at `hour_s` into one file, as a logger empties its memory."""
        instants = range(hour_s - HOUR_S + cadence_s, hour_s + 1, cadence_s)
        body = tt10_2021.build(reading for time_s in instants for reading in self._readings(time_s))
        return StationFile(build_name(self.code, hour_s), body)

    def _readings(self, time_s: int) -> Iterator[ParsedReading]:
        high = EXCEEDING_FACTOR if self.part is StationPart.EXCEEDING else 1.0
        is_wrong = self.part is StationPart.WRONG_UNIT
        for line, profile in enumerate(self.profiles, start=1):
            factor = 1.0 if profile.limit is None else high
            raw, unit = value_at(profile, time_s, self.random, factor), profile.unit
            if is_wrong and unit in SMALLER_UNITS:
                raw, unit, is_wrong = f"{float(raw) * 1000:.0f}", SMALLER_UNITS[unit], False
            yield ParsedReading(time_s, profile.symbol, float(raw), raw, unit, DeviceStatus.MEASURING, line)


def _break(body: bytes, random: Random) -> bytes:
    """Spoil one line the way loggers do: decimal comma, column lost, impossible time, stray bytes."""
    lines = body.splitlines(keepends=True)
    place = random.randrange(len(lines))
    columns = lines[place].rstrip(b"\r\n").split(b"\t")
    match random.randrange(4):
        case 0:
            columns[1] = columns[1].replace(b".", b",")
        case 1:
            del columns[3]
        case 2:
            columns[3] = b"20269999" + columns[3][8:]
        case _:
            columns[0] += b"\x8f\xc3"
    lines[place] = b"\t".join(columns) + b"\r\n"
    return b"".join(lines)
