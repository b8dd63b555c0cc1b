"""Answers what a vehicle's drivers have at the wheel behind them, to the newest waypoint.

Stored stretches lag behind a stretch that goes on; here the vehicles themselves are asked how far it has come.
"""

from collections.abc import Callable, Sequence

from actors.driver_hours import OF_THE_DRIVER, WIDE_S, begin_of_hours, hours_by
from actors.kernel.clock import Now
from actors.messages import DroveStretch, ViolationFound
from actors.rules.limit_book import LimitBook
from actors.violation_rows import found_of
from protocols.times import DAY_S
from storage.models import ViolationRow
from storage.violations import (
    plates_of,
    stretches_of_drivers,
    stretches_of_vehicle,
    violations_of_drivers,
    violations_of_vehicle,
)


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
        """Cases that overlap a time, of the drivers of a vehicle and in which it was driven, with their rows."""
        own = await stretches_of_vehicle(vehicle_id, int(from_s) - DAY_S, int(to_s) + DAY_S)
        drivers = {row.driver for row in own}
        if (running := self._stretch(f"vehicle:{plate}")) is not None:
            drivers.add(running.driver)
        stored = await violations_of_drivers(drivers, OF_THE_DRIVER, int(from_s) - WIDE_S)
        stored += await violations_of_vehicle(vehicle_id, OF_THE_DRIVER, int(from_s) - WIDE_S)
        rows = {(row.driver, row.kind, row.start_s): row for row in stored}
        told: list[tuple[int | None, ViolationFound]] = []
        for driver in sorted(drivers):
            stretches = await self._stretches(driver, from_s, to_s)
            told += [
                (row.id if (row := rows.pop((driver, str(case.kind), case.start_s), None)) else None, case)
                for case in self._judge(driver, stretches, from_s, to_s)
            ]
            for key in [key for key, row in rows.items() if key[0] == driver and _shows(stretches, row)]:
                del rows[key]
        told += [(row.id, found_of(row)) for row in rows.values()]
        plates = await plates_of({number for _, case in told for number in vehicles_in(case)})
        return [
            (number, case._replace(detail=case.detail | {"vehicles": _plates(case, plates)}))
            for number, case in told
            if vehicle_id in vehicles_in(case) and case.start_s <= to_s and (case.end_s or case.start_s) >= from_s
        ]

    async def _stretches(self, driver: str, from_s: float, to_s: float) -> list[DroveStretch]:
        """All that a licence drove around a time, in order of the beginnings, with what runs."""
        rows = await stretches_of_drivers([driver], int(from_s) - WIDE_S, int(to_s) + 2 * DAY_S)
        found = {
            (row.vehicle_id, row.start_s): DroveStretch(row.vehicle_id, driver, row.start_s, row.end_s) for row in rows
        }
        for plate in (await plates_of({row.vehicle_id for row in rows})).values():
            running = self._stretch(f"vehicle:{plate}")
            if running is not None and running.driver == driver:
                found[running.vehicle_id, running.start_s] = running
        return sorted(found.values(), key=lambda one: one.start_s)

    def _judge(
        self, driver: str, stretches: Sequence[DroveStretch], from_s: float, to_s: float
    ) -> list[ViolationFound]:
        limits = self._book.on(int(to_s)).driving
        begin_s = begin_of_hours(stretches, limits, int(from_s) - DAY_S, widest=True)
        return [] if begin_s is None else hours_by(driver, stretches, self._book, begin_s, self._now()).cases


def _shows(stretches: Sequence[DroveStretch], row: ViolationRow) -> bool:
    """Whether a stored case can be judged again; if its stretches are no more, the row is what is known."""
    return any(one.start_s < (row.end_s or row.start_s) and one.end_s > row.start_s for one in stretches)


def vehicles_in(case: ViolationFound) -> list[int]:
    """The vehicles that were driven in a case of hours."""
    numbers = case.detail["vehicle_ids"]
    return numbers if isinstance(numbers, list) else []


def _plates(case: ViolationFound, plates: dict[int, str]) -> list[str]:
    return [plates[number] for number in vehicles_in(case) if number in plates]
