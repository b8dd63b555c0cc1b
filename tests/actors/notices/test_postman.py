"""The postman as a service: awake for new letters, asleep until the next one is due."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from actors.notices.postman import Postman
from storage.writer import StoreError


class Hosted:
    """The host loop, played: notes when a round was asked for; the next letter is always due in 15 s."""

    def __init__(self) -> None:
        self.rounds: list[float] = []
        self.away = False

    async def __call__(self, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        if self.away:
            self.away = False
            raise StoreError("away")
        name = make.__name__
        if name == "round":
            self.rounds.append(trio.current_time())
            return 0
        return 15.0


@pytest.mark.trio
async def test_it_wakes_when_a_letter_is_due_and_at_once_for_a_new_one(autojump_clock: MockClock) -> None:
    hosted = Hosted()
    postman = Postman(trio.current_time, hosted, None, None)  # type: ignore[arg-type]
    async with trio.open_nursery() as nursery:
        nursery.start_soon(postman.run, lambda: None)
        await wait_all_tasks_blocked()
        begun_s = hosted.rounds[0]
        await trio.sleep(40)
        assert [at_s - begun_s for at_s in hosted.rounds] == pytest.approx([0.0, 15.0, 30.0])
        postman.posted()
        await wait_all_tasks_blocked()
        assert hosted.rounds[-1] - begun_s == pytest.approx(40.0)
        nursery.cancel_scope.cancel()


@pytest.mark.trio
async def test_a_store_that_is_away_is_waited_for(autojump_clock: MockClock) -> None:
    hosted = Hosted()
    hosted.away = True
    postman = Postman(trio.current_time, hosted, None, None)  # type: ignore[arg-type]
    with trio.move_on_after(30):
        await postman.run(lambda: None)
    assert hosted.rounds
