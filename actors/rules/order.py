"""Q1, order and duplicates: what a record is to those that came before it.

A second record of an instant with an equal value is a duplicate and inherits the instant's flag; with another value it
is a conflict and all records of the instant are suspect, the first arrival staying active. Late is no fault of a value.
Invariant: a record from the future never becomes active nor moves the high-water mark.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf, isfinite
from typing import NamedTuple, Self

from actors.rules.flags import EPS
from actors.rules.thresholds import read_table, require_positive
from protocols.vocabulary import Flag

ON_TIME_S = 120
LATE_S = 1200


class Order(StrEnum):
    """Class of an arriving record."""

    IN_ORDER = "in_order"
    LATE = "late"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    FUTURE = "future"


class Latency(StrEnum):
    """How long after its observation a record came."""

    ON_TIME = "on_time"
    LATE = "late"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True)
class OrderThresholds:
    """Tolerance for clocks ahead of ours, and how far behind the newest instant records are still compared."""

    future_s: float = 300
    horizon_s: float = 48 * 3600

    def __post_init__(self) -> None:
        require_positive(horizon_s=self.horizon_s)

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.order`; raises ValueError."""
        return read_table(cls, "qc.order", table, cadence_s)


class Arrival(NamedTuple):
    """Verdict on one record; `revises` says that the instant's earlier records become SUSPECT with it.

    A record older than the horizon is NOT_EVALUATED: `seed` its instant from storage and push again.
    """

    order: Order
    flag: Flag
    revises: bool = False


FUTURE = Arrival(Order.FUTURE, Flag.FAIL)
IN_ORDER = Arrival(Order.IN_ORDER, Flag.GOOD)
LATE = Arrival(Order.LATE, Flag.GOOD)
TOO_LATE = Arrival(Order.LATE, Flag.NOT_EVALUATED)
DUPLICATE = Arrival(Order.DUPLICATE, Flag.GOOD)
DUPLICATE_IN_CONFLICT = Arrival(Order.DUPLICATE, Flag.SUSPECT)
CONFLICT = Arrival(Order.CONFLICT, Flag.SUSPECT, revises=True)
MORE_CONFLICT = Arrival(Order.CONFLICT, Flag.SUSPECT)

OrderSnapshot = tuple[float | None, tuple[tuple[float, tuple[float | None, ...]], ...]]


def judge_arrival(
    arrival_s: float,
    time_s: float,
    value: float | None,
    known: tuple[float | None, ...],
    high_water_s: float,
    limits: OrderThresholds,
) -> Arrival:
    """Judge the next record to arrive.

    Args:
        known: the distinct values of its instant that came before it, first arrival first.
        high_water_s: the newest time so far; -inf before the first record.
    """
    if time_s - arrival_s > limits.future_s:
        return FUTURE
    if known:
        if any(_is_same(value, other) for other in known):
            return DUPLICATE if len(known) == 1 else DUPLICATE_IN_CONFLICT
        return CONFLICT if len(known) == 1 else MORE_CONFLICT
    if time_s > high_water_s:
        return IN_ORDER
    return LATE if time_s >= high_water_s - limits.horizon_s else TOO_LATE


class OrderTest:
    """The order test of one series, fed in order of arrival; state: the distinct values of each recent instant."""

    __slots__ = ("_high_water_s", "_instants", "_limits")

    def __init__(self, limits: OrderThresholds) -> None:
        self._limits = limits
        self._high_water_s = -inf
        self._instants: dict[float, tuple[float | None, ...]] = {}

    def push(self, arrival_s: float, time_s: float, value: float | None) -> Arrival:
        """Judge the next record to arrive."""
        number = value if value is not None and isfinite(value) else None
        known = self._instants.get(time_s, ())
        arrival = judge_arrival(arrival_s, time_s, number, known, self._high_water_s, self._limits)
        if arrival.order is Order.CONFLICT:
            self._instants[time_s] = (*known, number)
        elif arrival in (IN_ORDER, LATE):
            self._instants[time_s] = (number,)
            if arrival is IN_ORDER:
                self._high_water_s = time_s
                self._forget()
        return arrival

    def seed(self, time_s: float, values: tuple[float | None, ...]) -> None:
        """Teach the test the stored values of an old instant, first arrival first."""
        self._instants[time_s] = values

    def _forget(self) -> None:
        horizon_s = self._high_water_s - self._limits.horizon_s
        instants = self._instants
        while (oldest_s := next(iter(instants))) < horizon_s:
            del instants[oldest_s]

    def state(self) -> OrderSnapshot:
        """Give the state as plain tuples."""
        high_water_s = None if self._high_water_s == -inf else self._high_water_s
        return high_water_s, tuple(self._instants.items())

    @classmethod
    def from_state(cls, limits: OrderThresholds, state: OrderSnapshot) -> Self:
        """Go on from where a `state()` was taken."""
        test = cls(limits)
        high_water_s, instants = state
        test._high_water_s = -inf if high_water_s is None else high_water_s
        test._instants = {time_s: tuple(values) for time_s, values in instants}
        return test


def latency_of(arrival_s: float, time_s: float) -> Latency:
    """Class the delay of a record: on time up to 2 min, late up to 20 min, backfill above.

    Source: QĐ 338/QĐ-KTTV (delivered within 2 minutes; lists within 20 minutes of reception).
    """
    delay_s = arrival_s - time_s
    if delay_s <= ON_TIME_S:
        return Latency.ON_TIME
    return Latency.LATE if delay_s <= LATE_S else Latency.BACKFILL


def _is_same(left: float | None, right: float | None) -> bool:
    return left is right or (left is not None and right is not None and abs(left - right) <= EPS)


class Ordered(NamedTuple):
    """A whole batch: final flags and classes by arrival, and the active series ascending by time."""

    flags: list[Flag]
    orders: list[Order]
    active: list[tuple[float, float | None]]


def judge_order(records: Iterable[tuple[float, float, float | None]], limits: OrderThresholds) -> Ordered:
    """Judge a whole batch of (arrival_s, time_s, value) in order of arrival, each instant's records together."""
    test = OrderTest(OrderThresholds(limits.future_s, inf))
    flags: list[Flag] = []
    orders: list[Order] = []
    at: dict[float, list[int]] = {}
    active: dict[float, float | None] = {}
    for index, (arrival_s, time_s, value) in enumerate(records):
        arrival = test.push(arrival_s, time_s, value)
        flags.append(arrival.flag)
        orders.append(arrival.order)
        if arrival.order is Order.FUTURE:
            continue
        at.setdefault(time_s, []).append(index)
        active.setdefault(time_s, value)
        if arrival.revises:
            for earlier in at[time_s]:
                flags[earlier] = Flag.SUSPECT
    return Ordered(flags, orders, sorted(active.items()))
