"""Cases of the review queue: episodes of one series that share an instant, for one bad value fails several tests.

        range      ├──┤                       one case: three tests, one line of the queue
        step         ├───┤      ├─┤  another case
        spike       ├┤

Invariant: only reads; a case is never stored, it is what its episodes are now.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from tortoise.connection import get_connection
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from protocols.vocabulary import EpisodeState, Flag
from storage.models import EpisodeRow
from storage.review import TO_DO, Asked, filtered

CASES = """
WITH asked AS ({asked}), marked AS (
  SELECT id, station_id, parameter, test, first_s, last_s, flag, state, due_ms,
    CASE WHEN first_s <= MAX(last_s) OVER (
      PARTITION BY station_id, parameter ORDER BY first_s, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) THEN 0 ELSE 1 END AS begins
  FROM asked
), islands AS (
  SELECT *, SUM(begins) OVER (PARTITION BY station_id, parameter ORDER BY first_s, id) AS island FROM marked
)
SELECT station_id, parameter, MIN(first_s) AS first_s, MAX(last_s) AS last_s FROM islands
GROUP BY station_id, parameter, island {having}
ORDER BY MIN(CASE WHEN state = 'verifying' AND due_ms < {now_ms} THEN 0 ELSE 1 END),
  MIN(CASE WHEN station_id IN ({urgent}) THEN 0 ELSE 1 END),
  MIN(CASE flag WHEN {fail} THEN 0 WHEN {suspect} THEN 1 ELSE 2 END), MIN(first_s), MIN(id)
"""
STATES_WORST_FIRST = (EpisodeState.ESCALATED, EpisodeState.VERIFYING, EpisodeState.OPEN, EpisodeState.DONE)


@dataclass(frozen=True, slots=True)
class Case:
    """Episodes of one series that belong together, the worst first."""

    episodes: tuple[EpisodeRow, ...]

    @property
    def lead(self) -> EpisodeRow:
        """The episode that acts about the case are addressed to."""
        return self.episodes[0]

    @property
    def first_s(self) -> int:
        """The first instant that any of the tests questions."""
        return min(int(row.first_s) for row in self.episodes)

    @property
    def last_s(self) -> int:
        """The last instant."""
        return max(int(row.last_s) for row in self.episodes)

    @property
    def tests(self) -> frozenset[str]:
        """The tests."""
        return frozenset(row.test for row in self.episodes)

    @property
    def state(self) -> EpisodeState:
        """The state that needs most attention."""
        found = {EpisodeState(row.state) for row in self.episodes}
        return next(state for state in STATES_WORST_FIRST if state in found)


def make_case(rows: Iterable[EpisodeRow]) -> Case:
    """Put the worst in front: flag, then how many values, then the older."""
    return Case(tuple(sorted(rows, key=lambda row: (row.flag != Flag.FAIL, -row.flag, -row.count, row.id))))


async def cases(asked: Asked, now_ms: int, urgent: Collection[int], limit: int, offset: int) -> tuple[list[Case], int]:
    """A page of the queue by cases, in the queue's order, and how many there are.

    A case that one of its tests or flags was asked for is shown with all of its episodes.
    """
    rows = await filtered(replace(asked, test="", flag=None))
    sql, values = _cases_sql(rows, asked, now_ms, urgent)
    connection = get_connection("default")
    (counted,) = await connection.execute_query_dict(f"SELECT COUNT(*) AS many FROM ({sql}) AS counted", values)
    if not limit or offset >= counted["many"]:
        return [], int(counted["many"])
    found = await connection.execute_query_dict(f"{sql} LIMIT {int(limit)} OFFSET {int(offset)}", values)
    members = await rows.filter(reduce(or_, (_within(spot) for spot in found)))
    return [make_case(row for row in members if _is_within(row, spot)) for spot in found], int(counted["many"])


async def case_count(asked: Asked) -> int:
    """How many cases there are."""
    _, count = await cases(asked, 0, (), 0, 0)
    return count


async def case_of(row: EpisodeRow, *, is_done: bool = False) -> Case:
    """The case of an episode: what shares an instant with it, and with that again.

    Args:
        is_done: join what is done (to take it back) instead of what waits for a person.
    """
    states = [str(EpisodeState.DONE)] if is_done else [str(state) for state in TO_DO]
    members, first_s, last_s = {row.id: row}, row.first_s, row.last_s
    while True:
        near = EpisodeRow.filter(
            station_id=row.station_id, parameter=row.parameter, last_s__gte=first_s, first_s__lte=last_s,
            state__in=states,
        )  # fmt: skip
        more = {other.id: other for other in await near if other.id not in members}
        if not more:
            return make_case(members.values())
        members |= more
        first_s = min(first_s, *(other.first_s for other in more.values()))
        last_s = max(last_s, *(other.last_s for other in more.values()))


def _cases_sql(
    rows: "QuerySet[EpisodeRow]", asked: Asked, now_ms: int, urgent: Collection[int]
) -> tuple[str, list[Any]]:
    """The grouping over what was asked for; what people typed stays a bound value."""
    rows.sql()
    inner, values = rows.query.get_parameterized_sql()
    wanted = []
    if asked.test:
        name = asked.test if re.fullmatch(r"[a-z_0-9]{1,24}", asked.test) else "-"
        wanted.append(f"MAX(CASE WHEN test = '{name}' THEN 1 ELSE 0 END) = 1")
    if asked.flag is not None:
        wanted.append(f"MAX(CASE WHEN flag = {int(asked.flag)} THEN 1 ELSE 0 END) = 1")
    sql = CASES.format(
        asked=inner,
        having=f"HAVING {' AND '.join(wanted)}" if wanted else "",
        now_ms=int(now_ms),
        urgent=", ".join(str(int(number)) for number in sorted(urgent)) or "-1",
        fail=int(Flag.FAIL),
        suspect=int(Flag.SUSPECT),
    )
    return sql, values


def _within(spot: dict[str, Any]) -> Q:
    return Q(
        station_id=spot["station_id"], parameter=spot["parameter"], first_s__gte=spot["first_s"],
        last_s__lte=spot["last_s"],
    )  # fmt: skip


def _is_within(row: EpisodeRow, spot: dict[str, Any]) -> bool:
    return (
        (row.station_id, row.parameter) == (spot["station_id"], spot["parameter"])
        and spot["first_s"] <= row.first_s
        and row.last_s <= spot["last_s"]
    )
