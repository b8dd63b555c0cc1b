"""Answers what a vehicle's drivers have at the wheel behind them, to the newest waypoint.

Stored stretches lag behind a stretch that goes on; here the vehicles themselves are asked how far it has come.
"""

from collections.abc import Callable

from actors.driver_hours import OF_THE_DRIVER, WIDE_S, begin_of_hours, hours_of
from actors.kernel.clock import Now
from actors.messages import DroveStretch, ViolationFound
from actors.rules.limit_book import LimitBook
from protocols.times import DAY_S
from storage.violations import plates_of, stretches_of_drivers, stretches_of_vehicle, violations_of_drivers


class HoursDesk:
    """Reads stretches of licences and joins what runs now.

    Args:
        stretch: who drove a source last, by its id.
    """

    def __init__(self, now: Now, book: LimitBook, stretch: Callable[[str], DroveStretch | None]) -> None:
        self._now = now
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
            stored = await violations_of_drivers([driver], OF_THE_DRIVER, int(from_s) - WIDE_S)
            numbers = {(row.kind, row.start_s): row.id for row in stored}
            found = await self.of_driver(driver, from_s, to_s)
            cases += [
                (numbers.get((str(case.kind), case.start_s)), case) for case in found if vehicle_id in vehicles_in(case)
            ]
        return cases

    async def of_driver(self, driver: str, from_s: float, to_s: float) -> list[ViolationFound]:
        """Cases of a licence that began within a time."""
        rows = await stretches_of_drivers([driver], int(from_s) - WIDE_S, int(to_s) + 2 * DAY_S)
        plates = await plates_of({row.vehicle_id for row in rows})
        stretches = {
            (row.vehicle_id, row.start_s): DroveStretch(row.vehicle_id, driver, row.start_s, row.end_s) for row in rows
        }
        for plate in plates.values():
            running = self._stretch(f"vehicle:{plate}")
            if running is not None and running.driver == driver:
                stretches[running.vehicle_id, running.start_s] = running
        own = sorted(stretches.values(), key=lambda one: one.start_s)
        limits = self._book.on(int(to_s)).driving
        begin_s = begin_of_hours(own, limits, int(from_s) - DAY_S, widest=True) or 0
        found = hours_of(driver, own, limits, begin_s, self._now()).cases
        return [
            case._replace(detail=case.detail | {"vehicles": _plates(case, plates)})
            for case in found
            if case.start_s <= to_s and (case.end_s is None or case.end_s >= from_s)
        ]


def vehicles_in(case: ViolationFound) -> list[int]:
    """The vehicles that were driven in a case of hours."""
    numbers = case.detail["vehicle_ids"]
    return numbers if isinstance(numbers, list) else []


def _plates(case: ViolationFound, plates: dict[int, str]) -> list[str]:
    return [plates[number] for number in vehicles_in(case) if number in plates]
