"""The golden tracks of tests/vectors/vehicles, grouped as the rules want them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from actors.rules import vehicle_limits
from actors.rules.identity import clean_identity, driver_of
from actors.rules.track import TrackMessage
from actors.rules.vehicle_limits import VehicleLimits, limits_on, parse_limit_rows

TRACKS = Path(__file__).parents[2] / "vectors" / "vehicles" / "tracks.jsonl"
LIMITS_FILE = Path(vehicle_limits.__file__).with_suffix(".toml")

Vector = dict[str, Any]


def vectors(check: str) -> list[Vector]:
    """The tracks that hold an expectation for one check."""
    lines = TRACKS.read_text(encoding="utf-8").splitlines()
    return [vector for vector in map(json.loads, lines) if check in vector["checks"]]


def name_of(vector: Vector) -> str:
    return str(vector["id"])


def limits(min_duration_s: int = 30) -> VehicleLimits:
    """The numbers in force on the day of the tracks, with the duration a track asks for."""
    day = limits_on(date(2026, 3, 2), parse_limit_rows(LIMITS_FILE.read_text(encoding="utf-8")))
    return replace(day, overspeed=replace(day.overspeed, min_duration_s=min_duration_s))


def limits_of(vector: Vector) -> VehicleLimits:
    return limits(vector["params"].get("min_duration", 30))


def message(raw: Vector) -> TrackMessage:
    return TrackMessage(
        raw["arrival"], raw["t"], raw["speed"], raw["lat"], raw["lon"], driver_of(raw["licence"] or ""), raw["limit"]
    )


def by_plate(messages: Iterable[Vector]) -> dict[str, list[TrackMessage]]:
    """Messages of each vehicle, in order of arrival."""
    tracks: dict[str, list[TrackMessage]] = {}
    for raw in messages:
        tracks.setdefault(clean_identity(raw["plate"]), []).append(message(raw))
    return tracks


def through_json(state: object) -> Any:
    """What a snapshot makes of a state."""
    return json.loads(json.dumps(state))
