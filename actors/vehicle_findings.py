"""Writes what the rules of a vehicle found as effects, with the fields of the API's violations."""

from typing import assert_never

from actors.messages import DayDriven, DroveStretch, ViolationFound
from actors.rules.distance import is_position
from actors.rules.transmission import NonTransmission, Place
from actors.rules.vehicle_rules import DayTotals, DriverStretch, Found, MissingRun, SpeedCase, TransmissionCase
from protocols.vocabulary import ViolationKind


def effect_of(vehicle_id: int, found: Found) -> ViolationFound | DroveStretch | DayDriven:
    """One finding as an effect."""
    match found:
        case DriverStretch():
            return DroveStretch(vehicle_id, *found)
        case DayTotals():
            return DayDriven(vehicle_id, *found)
        case SpeedCase(case, driver, start, end):
            detail: dict[str, object] = {
                "driver": driver,
                "v_kmh": case.v_kmh,
                "limit_kmh": case.limit_kmh,
                "excess_kmh": case.excess_kmh,
                "band": case.band,
                "time_worst_s": case.worst_s,
                "distance_m": round(case.distance_m, 3),
                "places": _places(start, end),
            }
            return ViolationFound(
                vehicle_id, ViolationKind.SPEED, case.start_s, case.end_s, case.closed, detail, driver
            )
        case TransmissionCase(case, driver, start, end):
            detail = {"driver": driver, "places": _places(start, end)}
            if isinstance(case, NonTransmission):
                kind = ViolationKind.NO_TRANSMISSION
                detail["distance_m"] = round(case.distance_m, 3)
            else:
                kind = ViolationKind.FREQUENCY
                detail |= {"interval_s": case.interval_s, "allowed_s": case.allowed_s}
            return ViolationFound(vehicle_id, kind, case.start_s, case.end_s, True, detail, driver)
        case MissingRun(fields, start_s, end_s, messages, closed):
            detail = {"fields": list(fields), "messages": messages}
            return ViolationFound(vehicle_id, ViolationKind.MISSING_FIELD, start_s, end_s, closed, detail)
        case _:
            assert_never(found)


def _places(*places: Place) -> list[dict[str, float | None]]:
    """Start and end, as received; what is no position is null."""
    return [{"lat": lat, "lon": lon} if is_position(lat, lon) else {"lat": None, "lon": None} for lat, lon in places]
