"""Effective readings: what a station sent, with what outer tests and people said of it laid over, never into it.

Of the records of one instant the first that is no message from the future speaks, or the one that a person promoted;
then its overall flag; then the latest correction. A value that a person filled in stands only while the station sent
none. Rejected readings stay in the layer with FAIL, so products leave them out and people still see them.
Invariant: reads only; the same rows give the same layer in whatever order they come.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, cast

from tortoise.connection import get_connection

from protocols.flags import overall
from protocols.times import HOUR_S
from protocols.verdict import arrival_of
from protocols.vocabulary import Flag, ReviewAction
from storage.reading import reading

REPLACING = (ReviewAction.CORRECT, ReviewAction.INTERPOLATE)
NOBODY = 0
"""`reading_id` of a value that no station sent."""

READINGS = (
    "SELECT id, station_id, parameter, time_s, value, flag, outer_flags, unit, device_status, "
    "verdict FROM readings WHERE {where} ORDER BY id"
)
CORRECTIONS = (
    "SELECT id, station_id, parameter, time_s, reading_id, action, flag, value, unit, at_ms FROM corrections "
    "WHERE {where} ORDER BY id"
)


class Stored(NamedTuple):
    """A row of `readings` as the layer needs it."""

    id: int
    station_id: int
    parameter: str
    time_s: int
    value: float | None
    flag: int
    outer_flags: int
    unit: str
    device_status: str
    verdict: int = 0


class Decision(NamedTuple):
    """A row of `corrections` as the layer needs it."""

    id: int
    station_id: int
    parameter: str
    time_s: int
    reading_id: int
    action: str
    flag: int | None
    value: float | None
    unit: str
    at_ms: int


class Effective(NamedTuple):
    """One value as products take it. `decided` is the action that speaks, empty where nobody has decided."""

    time_s: int
    value: float | None
    flag: Flag
    unit: str
    reading_id: int
    device_status: str
    decided: str = ""

    @property
    def is_corrected(self) -> bool:
        """Whether a person's number stands in the place of the station's."""
        return self.decided in REPLACING


class Layer(NamedTuple):
    """A station's effective readings by parameter and time; `corrected_ms`: when a person last decided, by parameter.

    A mean that changes and was made before `corrected_ms` changed for a correction.
    """

    readings: dict[str, list[Effective]]
    corrected_ms: dict[str, int]


Place = tuple[int, str, int]


def lay_over(readings: Iterable[Stored], decisions: Iterable[Decision]) -> dict[int, Layer]:
    """Lay decisions over readings, by station."""
    records: dict[Place, list[Stored]] = defaultdict(list)
    for row in sorted(readings):
        records[row.station_id, row.parameter, row.time_s].append(row)
    latest: dict[Place, Decision] = {}
    layers: dict[int, Layer] = defaultdict(lambda: Layer({}, {}))
    for decision in sorted(decisions):
        latest[decision.station_id, decision.parameter, decision.time_s] = decision
        corrected = layers[decision.station_id].corrected_ms
        corrected[decision.parameter] = max(decision.at_ms, corrected.get(decision.parameter, 0))
    for place in sorted(records.keys() | latest.keys()):
        effective = _effective(place[2], records.get(place, []), latest.get(place))
        if effective is not None:
            layers[place[0]].readings.setdefault(place[1], []).append(effective)
    return dict(layers)


def _effective(time_s: int, records: list[Stored], decision: Decision | None) -> Effective | None:
    if not records:
        if decision is None or decision.action not in REPLACING or decision.value is None:
            return None
        return Effective(
            time_s, decision.value, Flag(decision.flag or Flag.GOOD), decision.unit, NOBODY, "", decision.action
        )
    row = active_record(records, 0 if decision is None else decision.reading_id)
    flag = overall(row.flag, row.outer_flags)
    as_sent = Effective(time_s, row.value, flag, row.unit, row.id, row.device_status)
    if decision is None or decision.reading_id == NOBODY or decision.action == ReviewAction.REOPEN:
        return as_sent
    value, unit = row.value, row.unit
    if decision.action in REPLACING and decision.value is not None:
        value, unit = decision.value, decision.unit or row.unit
    decided = flag if decision.flag is None else Flag(decision.flag)
    return Effective(time_s, value, decided, unit, row.id, row.device_status, decision.action)


def active_record(records: list[Stored], named_id: int = 0) -> Stored:
    """The record of an instant that speaks: the one a decision names, else the first that is not from the future."""
    for row in records:
        if row.id == named_id:
            return row
    if len(records) == 1:
        return records[0]
    return next((row for row in records if not _is_from_future(row)), records[0])


def _is_from_future(row: Stored) -> bool:
    return arrival_of(row.verdict) == "future"


@reading
async def effective_span(
    station_ids: Collection[int], after_s: int, to_s: int, parameter: str = ""
) -> dict[int, Layer]:
    """Effective readings of (after_s, to_s], by station; two queries however many stations."""
    if not station_ids:
        return {}
    numbers = ", ".join(str(int(station_id)) for station_id in station_ids)
    where = f"station_id IN ({numbers}) AND time_s > {int(after_s)} AND time_s <= {int(to_s)}"
    readings: Iterable[Stored] = map(Stored._make, await _rows(READINGS.format(where=where)))
    decisions: Iterable[Decision] = map(Decision._make, await _rows(CORRECTIONS.format(where=where)))
    if parameter:
        readings = (row for row in readings if row.parameter == parameter)
        decisions = (row for row in decisions if row.parameter == parameter)
    return lay_over(readings, decisions)


async def effective_hours(station_ids: Collection[int], hour_s: int) -> dict[int, Layer]:
    """Effective readings of the right-closed hour that ends at `hour_s`, by station."""
    return await effective_span(station_ids, hour_s - HOUR_S, hour_s)


async def _rows(sql: str) -> Iterable[Iterable[Any]]:
    _, rows = await get_connection("default").execute_query(sql)
    return cast("Iterable[Iterable[Any]]", rows)
