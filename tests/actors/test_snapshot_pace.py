"""The pace of the snapshot clock, by a clock that stands still while nothing waits."""

from collections.abc import Iterable
from math import inf
from types import SimpleNamespace
from typing import Any, cast

import pytest
import trio
from trio.testing import MockClock
from typing_extensions import override

from actors.kernel.actor import SourceActor
from actors.snapshots import PERIOD_S, SAVED_AT_ONCE_PER_S, SLICE, SPREAD_S, SnapshotClock
from protocols.vocabulary import ActorState
from storage.tracks import Tracks
from storage.writer import Unit, Writer

pytestmark = pytest.mark.trio
FLEET = 200_000
"""States at once, after a night in which few vehicles spoke."""


class Disk:
    """Takes a slice at once."""

    def add(self, unit: Unit) -> None:
        if unit.stored is not None:
            unit.stored()


class Clock(SnapshotClock):
    """Keeps its pace and writes nothing; `lasts_s` is how long a slow disk makes a pass."""

    def __init__(self, lasts_s: float = 0.0) -> None:
        spoke = cast("SourceActor", SimpleNamespace(seq=1, saved_seq=0, state=ActorState.RUNNING))
        self.lasts_s = lasts_s
        super().__init__(cast("Writer", Disk()), lambda: self._fleet(spoke), Tracks(), lambda: 1, lambda: 0)

    def _fleet(self, spoke: SourceActor) -> Iterable[SourceActor]:
        return [spoke] * (0 if self.lasts_s else FLEET)

    @override
    def _save(self, unit: Unit, actor: Any) -> None:
        pass

    @override
    async def save_all(self, together: int = SLICE, per_s: float = inf) -> int:
        await trio.sleep(self.lasts_s)
        return await super().save_all(together, per_s)


async def test_a_pass_that_took_longer_than_its_period_is_followed_by_the_next(autojump_clock: MockClock) -> None:
    clock = Clock(lasts_s=PERIOD_S + 40)
    with trio.move_on_after(7 * PERIOD_S):
        await clock.run(lambda: None)
    assert clock.passes == 3


async def test_a_pass_much_longer_than_the_one_before_goes_on_at_full_pace(autojump_clock: MockClock) -> None:
    begun_s = trio.current_time()
    assert await Clock().save_all(SLICE, SLICE) == FLEET
    took_s = trio.current_time() - begun_s
    assert SPREAD_S < took_s <= SPREAD_S + FLEET / SAVED_AT_ONCE_PER_S
