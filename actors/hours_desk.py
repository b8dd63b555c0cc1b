"""Answers what a vehicle's drivers have at the wheel behind them, to the newest waypoint.

Stored stretches lag behind a stretch that goes on; here the vehicles themselves are asked how far it has come.
"""

from collections.abc import Callable

from actors.driver_hours import LOOK_BACK_S, OF_THE_DRIVER, hours_of
from actors.messages import DroveStretch, ViolationFound
from actors.rules.limit_book import LimitBook
from protocols.times import DAY_S
from storage.violations import plates_of, stretches_of_driver, stretches_of_vehicle, violations_of_driver


class HoursDesk:
    """Reads stretches of licences and joins what runs now.

    Args:
        stretch: who drove a source last, by its id.
    """

    def __init__(self, book: LimitBook, stretch: Callable[[str], DroveStretch | None]) -> None:
        self._book = book
        self._stretch = stretch

    async def of_vehicle(
        self, vehicle_id: int, plate: str, from_s: float, to_s: float
    ) -> list[tuple[int | None, ViolationFound]]:
        """Cases of the drivers of a vehicle that began within a time and in which it was driven, with their rows."""
        own = await stretches_of_vehicle(vehicle_id, int(from_s) - DAY_S, int(to_s) + DAY_S)
        drivers = {row.driver for row in own}
        if (running := self._stretch(f"vehicle:{plate}")) is not None:
            drivers.add(running.driver)
        cases: list[tuple[int | None, ViolationFound]] = []
        for driver in sorted(drivers):
            stored = await violations_of_driver(driver, OF_THE_DRIVER, int(from_s))
            numbers = {(row.kind, row.start_s): row.id for row in stored}
            found = await self.of_driver(driver, from_s, to_s)
            cases += [
                (numbers.get((str(case.kind), case.start_s)), case) for case in found if vehicle_id in vehicles_in(case)
            ]
        return cases

    async def of_driver(self, driver: str, from_s: float, to_s: float) -> list[ViolationFound]:
        """Cases of a licence that began within a time."""
        rows = await stretches_of_driver(driver, int(from_s) - LOOK_BACK_S)
        plates = await plates_of({row.vehicle_id for row in rows})
        stretches = {
            (row.vehicle_id, row.start_s): DroveStretch(row.vehicle_id, driver, row.start_s, row.end_s) for row in rows
        }
        for plate in plates.values():
            running = self._stretch(f"vehicle:{plate}")
            if running is not None and running.driver == driver:
                stretches[running.vehicle_id, running.start_s] = running
        found = hours_of(driver, list(stretches.values()), self._book.on(int(to_s)).driving)
        return [
            case._replace(detail=case.detail | {"vehicles": _plates(case, plates)})
            for case in found
            if from_s <= case.start_s <= to_s
        ]


def vehicles_in(case: ViolationFound) -> list[int]:
    """The vehicles that were driven in a case of hours."""
    numbers = case.detail["vehicle_ids"]
    return numbers if isinstance(numbers, list) else []


def _plates(case: ViolationFound, plates: dict[int, str]) -> list[str]:
    return [plates[number] for number in vehicles_in(case) if number in plates]
