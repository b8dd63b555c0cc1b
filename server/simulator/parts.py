"""Who plays which part in the simulated world: what a station or a vehicle does well, and what it does wrong.

Parts repeat along the index, so that a small world has one of each and a large one keeps the proportions.
"""

from enum import StrEnum


class StationPart(StrEnum):
    """How a simulated station behaves."""

    PUNCTUAL = "punctual"
    EXCEEDING = "exceeding"
    """Its values are above the limit for hours each day."""
    LATE = "late"
    """Its line breaks down again and again; then several files come at once."""
    SILENT = "silent"
    """It sends a few files and then no more."""
    WRONG_UNIT = "wrong_unit"
    """One parameter comes in thousandths, under another unit."""
    FAULTY = "faulty"
    """Its logger writes broken lines."""


class Transport(StrEnum):
    """How a station's files travel."""

    FTP = "ftp"
    SFTP = "sftp"


class VehiclePart(StrEnum):
    """How a simulated vehicle behaves."""

    ORDINARY = "ordinary"
    SPEEDING = "speeding"
    PARKED = "parked"
    SWAPPED_AXES = "swapped_axes"
    """Its tracker exchanges x and y."""
    NOBODY = "nobody"
    """No driver logs in; the tracker sends its filler."""


_STATIONS = (
    StationPart.PUNCTUAL,
    StationPart.EXCEEDING,
    StationPart.LATE,
    StationPart.SILENT,
    StationPart.WRONG_UNIT,
    StationPart.FAULTY,
)
_VEHICLES = (
    VehiclePart.ORDINARY,
    VehiclePart.SPEEDING,
    VehiclePart.PARKED,
    VehiclePart.SWAPPED_AXES,
    VehiclePart.NOBODY,
)
_STATION_ROUND, _VEHICLE_ROUND = 12, 20


def station_part(index: int) -> StationPart:
    """Cast a station: half of each round of twelve is punctual."""
    place = index % _STATION_ROUND
    return _STATIONS[place] if place < len(_STATIONS) else StationPart.PUNCTUAL


def station_transport(index: int) -> Transport:
    """Every fourth station has an SFTP logger."""
    return Transport.SFTP if index % 4 == 3 else Transport.FTP


def renames_after_upload(index: int) -> bool:
    """Every third station uploads under a temporary name first."""
    return index % 3 == 1


def vehicle_part(index: int) -> VehiclePart:
    """Cast a vehicle: four of twenty are unusual."""
    place = index % _VEHICLE_ROUND
    return _VEHICLES[place] if place < len(_VEHICLES) else VehiclePart.ORDINARY
