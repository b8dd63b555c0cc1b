"""What a window of the map holds."""

import asyncio
from typing import Any

from actors.map_view import Tally, Wanted, Window, told
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.vehicle import VehicleActor
from protocols.waypoint import Waypoint

LIMITS = LimitBook(load_limits())
WINDOW = Window(105.0, 20.0, 107.0, 22.0)


def vehicle(number: int, lon: float, lat: float) -> VehicleActor:
    actor = VehicleActor(number, f"29A{number:05}", None, LIMITS)
    actor.restore(None)  # awake: what is set on a sleeping one would go when it wakes
    actor.last = Waypoint(actor.plate, "", 40.0, 1, lon, lat, 90.0, None, None, None)
    return actor


def look(
    vehicles: list[VehicleActor], limit: int = 10, state: str = "", plates: set[str] | None = None
) -> dict[str, Any]:
    return ask(vehicles, Wanted(WINDOW, limit, lambda actor: False, state, plates=plates))


def ask(vehicles: list[VehicleActor], wanted: Wanted) -> dict[str, Any]:
    return told(asyncio.run(Tally(wanted).look(vehicles)).found(), wanted)


def test_vehicles_of_the_window_come_in_columns_and_others_do_not() -> None:
    silent = VehicleActor(9, "29A00009", None, LIMITS)
    found = look([vehicle(1, 105.5, 21.0), vehicle(2, 110.0, 21.0), vehicle(3, 21.0, 105.5), silent])
    assert (found["total"], found["cells"]) == (1, None)
    assert (found["vehicles"]["plate"], found["vehicles"]["heading"]) == (["29A00001"], [90.0])


def test_too_many_are_counted_by_cell_and_none_is_lost() -> None:
    fleet = [vehicle(number, 105.0 + number / 50, 21.0) for number in range(100)]
    found = look(fleet)
    assert (found["total"], found["vehicles"]) == (100, None)
    assert sum(count for _, _, count in found["cells"]) == 100


def test_filters_leave_what_they_name() -> None:
    fleet = [vehicle(1, 105.5, 21.0), vehicle(2, 105.6, 21.0)]
    assert look(fleet, plates={"29A00002"})["vehicles"]["plate"] == ["29A00002"]
    assert look(fleet, state="silent")["total"] == 0


def test_a_part_of_a_plate_and_a_violation_going_on_narrow_too() -> None:
    fleet = [vehicle(1, 105.5, 21.0), vehicle(12, 105.6, 21.0), vehicle(23, 105.7, 21.0)]

    def plates(**narrowed: Any) -> list[str]:
        wanted = Wanted(WINDOW, 10, lambda actor: actor.vehicle_id == 23, **narrowed)
        found: list[str] = ask(fleet, wanted)["vehicles"]["plate"]
        return found

    assert plates(q="0012") == ["29A00012"] and plates(q="A000") == ["29A00001", "29A00012", "29A00023"]
    assert plates(violating=True) == ["29A00023"]
