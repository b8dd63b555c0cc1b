"""A day of 1,000 stations in virtual time: every flip at its true time, every gap exact, no silence overlooked."""

from collections.abc import Sequence
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.kernel.actor import SourceActor
from actors.kernel.timers import Timers
from actors.messages import DeadlinePassed, Flipped, GapChanged
from actors.station import StationActor
from actors.station_profile import settle
from protocols.vocabulary import ActorState, Freshness, GapState
from tests.actors.kernel.stage import START_S, Stage, on_stage
from tests.actors.station_kit import GRACE_S, file, parameter_row, reading, station_row

STATIONS, HOURS, CADENCE_S, MISSED = 1000, 24, 3600, 2


def stations(stage: Stage) -> list[StationActor]:
    made = []
    for number in range(STATIONS):
        row = station_row(f"TB_{number:04}", number + 1)
        row.cadence_s = CADENCE_S
        actor = StationActor(settle(row, [parameter_row()], []))
        actor.state = ActorState.RUNNING
        stage.registry.add(actor)
        made.append(actor)
    return made


def sends_at_s(number: int, hour: int) -> float:
    return START_S + 3 * number + CADENCE_S * hour


@pytest.mark.trio
async def test_a_day_of_a_thousand_stations_each_silent_once(autojump_clock: MockClock) -> None:
    """Station n misses its hours n % 20 + 2 and the next one, and is back afterwards."""
    told: dict[str, list[Any]] = {}

    def commit(results: Sequence[tuple[SourceActor, Sequence[Any], int]]) -> None:
        for actor, effects, _ in results:
            told.setdefault(actor.id, []).extend(effects)

    async with on_stage() as stage, trio.open_nursery() as nursery:
        stage.dispatcher._commit = commit
        actors = stations(stage)

        def fire(actor: SourceActor, deadline_s: float) -> None:
            stage.dispatcher.post(actor, DeadlinePassed(0, deadline_s, stage.now()))
            stage.dispatcher.wake()

        stage.timers = Timers(stage.now, fire, longest_sleep_s=3600)
        nursery.start_soon(stage.timers.run)
        seq = 0
        for hour in range(HOURS):
            for number, actor in enumerate(actors):
                await trio.sleep(max(0.0, sends_at_s(number, hour) - stage.now()))
                if number % 20 + 2 <= hour < number % 20 + 2 + MISSED:
                    continue
                seq += 1
                at_s = sends_at_s(number, hour)
                stage.dispatcher.post(actor, file(seq, at_s, reading(int(at_s), 5.0 + hour % 2)))
                stage.dispatcher.wake()
        await trio.sleep(1)
        nursery.cancel_scope.cancel()

    for number, actor in enumerate(actors):
        last_s, back_s = sends_at_s(number, number % 20 + 1), sends_at_s(number, number % 20 + 2 + MISSED)
        flips = {effect.now: effect.at_s for effect in told[actor.id] if isinstance(effect, Flipped)}
        assert flips[Freshness.SILENT] == last_s + CADENCE_S + GRACE_S
        assert flips[Freshness.FRESH] >= back_s
        gaps = [effect for effect in told[actor.id] if isinstance(effect, GapChanged)]
        closed = [gap for gap in gaps if gap.state is GapState.CLOSED]
        assert [(gap.from_s, gap.to_s, gap.missing) for gap in closed] == [(int(last_s), int(back_s), MISSED)]
        assert {gap.from_s for gap in gaps if gap.missing} == {int(last_s)}
