"""How a clock looks for work, in virtual time."""

import pytest
import trio
from trio.testing import MockClock

from actors.rounds import go_rounds
from storage.writer import RETRY_S, StoreError

pytestmark = pytest.mark.trio


class Look:
    """When each look was; the one of that number finds the store away."""

    def __init__(self, trouble: Exception, at: int = 1, lasts_s: float = 0.0) -> None:
        self.trouble, self.at, self.lasts_s = trouble, at, lasts_s
        self.begun: list[float] = []

    async def __call__(self) -> None:
        self.begun.append(trio.current_time())
        await trio.sleep(self.lasts_s)
        if len(self.begun) == self.at:
            raise self.trouble


@pytest.mark.parametrize("trouble", [StoreError("away"), OSError("away")])
async def test_a_store_that_is_away_is_told_and_looked_at_again_later(
    autojump_clock: MockClock, trouble: Exception
) -> None:
    look, told = Look(trouble, at=2), list[str]()
    with trio.move_on_after(13):
        await go_rounds(look, told.append, 5.0)
    assert look.begun == [0.0, 5.0, 10.0 + RETRY_S]
    assert told == ["away"]


async def test_it_rests_after_each_look_however_long_that_took(autojump_clock: MockClock) -> None:
    look = Look(StoreError("away"), at=0, lasts_s=2.0)
    with trio.move_on_after(15):
        await go_rounds(look, print, 5.0)
    assert look.begun == [0.0, 7.0, 14.0]


async def test_a_bug_is_not_taken_for_trouble_of_the_store(autojump_clock: MockClock) -> None:
    with pytest.raises(ZeroDivisionError):
        await go_rounds(Look(ZeroDivisionError()), print, 1.0)
