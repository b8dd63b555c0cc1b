"""Tracks of our own in the form of the golden ones, each at a border of a rule, with what is derived by hand for it.

Times are seconds after `T0_S`, 08:00 in Vietnam. A parked message ends driving: the state of the first one governs.
"""

from collections.abc import Iterable
from typing import Any

from protocols.times import parse_iso
from tests.actors.rules.tracks import Vector

T0_S = parse_iso("2026-03-02T08:00:00")
A, B = "29A12301", "29A12302"
D1, D2 = "010123456789", "010987654321"
HOUR_S = 3600
Message = dict[str, Any]


def message(at_s: int, kmh: float, driver: str = D1, plate: str = A, lat: float | None = None) -> Message:
    place = 20.0 + at_s * 1e-5 if lat is None else lat
    return {
        "arrival": T0_S + at_s + 5, "plate": plate, "t": T0_S + at_s, "speed": kmh, "lat": place, "lon": 105.85,
        "licence": driver, "limit": 80,
    }  # fmt: skip


def drive(start_s: int, end_s: int, driver: str = D1, plate: str = A) -> list[Message]:
    """Moving from the one on, parked from the other on, then a quarter of an hour of rest."""
    moving = [message(at_s, 40.0, driver, plate) for at_s in range(start_s, end_s, 300)]
    return [*moving, message(end_s, 0.0, driver, plate, 20.0 + end_s * 1e-5)]


def rest(start_s: int, end_s: int, driver: str = D1, plate: str = A) -> list[Message]:
    """Parked all the time."""
    return [message(at_s, 0.0, driver, plate, 20.0 + start_s * 1e-5) for at_s in range(start_s + 300, end_s, 300)]


def variant(name: str, check: str, messages: Iterable[Message], **expected: list[dict[str, Any]]) -> Vector:
    return {"id": name, "params": {}, "checks": [check], "messages": list(messages), "expected": expected}


def hours(start_s: int, end_s: int, driver: str = D1) -> dict[str, Any]:
    return {"driver": driver, "start": T0_S + start_s, "end": T0_S + end_s, "duration": end_s - start_s}


def continuous(name: str, messages: Iterable[Message], *cases: dict[str, Any]) -> Vector:
    return variant(name, "continuous", messages, continuous=list(cases))


def day(start_s: int, end_s: int, driving_s: int) -> dict[str, Any]:
    return {**hours(start_s, end_s), "driving_s": driving_s, "violation": driving_s > 10 * HOUR_S}


def silence(start_s: int, end_s: int, allowed_s: int = 0) -> dict[str, Any]:
    span = {"start": T0_S + start_s, "end": T0_S + end_s}
    return span | ({"interval": end_s - start_s, "allowed": allowed_s} if allowed_s else {"duration": end_s - start_s})


def speeding(name: str, kmh: float, *cases: dict[str, Any]) -> Vector:
    """50 s at one speed between others that are well below the limit of 80."""
    fast = [kmh if 20 <= at_s < 70 else 40.0 for at_s in range(0, 100, 10)]
    return variant(name, "speed", [message(10 * n, each) for n, each in enumerate(fast)], speed=list(cases))


def transmission(
    name: str, messages: list[Message], silent: list[Any] | None = None, rare: list[Any] | None = None
) -> Vector:
    return variant(name, "transmission", messages, non_transmission=silent or [], frequency=rare or [])


def parked(*at_s: int, lat: float = 20.0) -> list[Message]:
    return [message(at, 0.0, lat=lat) for at in at_s]


SHIFT_S = 7 * HOUR_S
"""15:00, so that ten hours of driving with breaks go over midnight."""
EVENING = [drive(SHIFT_S + n * 3 * HOUR_S, SHIFT_S + n * 3 * HOUR_S + 7500) for n in range(5)]
EVENING_END_S = SHIFT_S + 12 * HOUR_S + 7500

VARIANTS: list[Vector] = [
    continuous("4h_less_a_second", drive(0, 14399) + rest(14399, 15600)),
    continuous("4h_exactly", drive(0, 14400) + rest(14400, 15600), hours(0, 14400)),
    continuous("a_rest_of_14m59s_is_none", drive(0, 7200) + rest(7200, 8099) + drive(8099, 14400), hours(0, 14400)),
    continuous("a_rest_of_15m_is_one", drive(0, 7200) + rest(7200, 8100) + drive(8100, 16200)),
    continuous("another_driver_in_the_middle", drive(0, 7200) + drive(7300, 14600, D2) + drive(14700, 21800)),
    continuous(
        "another_driver_for_ten_minutes",
        [*drive(0, 10800)[:-1], *drive(10800, 11400, D2)[:-1], *drive(11400, 15000)],
        hours(0, 15000),
    ),
    continuous("one_driver_in_two_vehicles_at_once", drive(0, 7800) + drive(7200, 14400, D1, B), hours(0, 14400)),
    continuous("two_vehicles_15m_apart", drive(0, 7200) + drive(8100, 15300, D1, B)),
    continuous("two_vehicles_a_second_less_apart", drive(0, 7200) + drive(8099, 15000, D1, B), hours(0, 15000)),
    variant(
        "a_working_day_over_midnight", "workday", [one for part in EVENING for one in part],
        workday=[day(SHIFT_S, EVENING_END_S, 5 * 7500)],
    ),
    variant(
        "ten_hours_over_midnight_exactly", "workday",
        [one for n in range(5) for one in drive(SHIFT_S + n * 3 * HOUR_S, SHIFT_S + n * 3 * HOUR_S + 7200)],
        workday=[day(SHIFT_S, SHIFT_S + 12 * HOUR_S + 7200, 36000)],
    ),
    speeding("at_the_limit", 80.0),
    speeding("at_the_limit_and_the_tolerance", 85.0),
    speeding(
        "just_over_both", 85.25,
        {"plate": A, "start": T0_S + 20, "end": T0_S + 70, "duration": 50, "v": 80.25, "limit": 80, "excess": 0.25,
         "band": "<5", "t_worst": T0_S + 20, "closed": True},
    ),
    transmission("parked_with_the_engine_off_every_15m", parked(*range(0, 4501, 900))),
    transmission("parked_a_second_longer", parked(0, 901), rare=[silence(0, 901, 900)]),
    transmission("a_gap_and_it_stands_where_it_stood", parked(0, 3600), rare=[silence(0, 3600, 900)]),
    transmission(
        "a_gap_and_it_is_elsewhere", [*parked(0), *parked(3600, lat=20.01)],
        silent=[silence(0, 3600) | {"distance_m": 1107}],
    ),
    transmission(
        "15m_exactly_and_it_is_elsewhere", [*parked(0), *parked(900, lat=20.01)], rare=[silence(0, 900, 30)]
    ),
    transmission("driving_every_30s", [message(30 * n, 40.0) for n in range(6)]),
    transmission("driving_a_second_longer", [message(31 * n, 40.0) for n in range(2)], rare=[silence(0, 31, 30)]),
]  # fmt: skip
