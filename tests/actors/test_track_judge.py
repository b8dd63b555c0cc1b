"""Judging one track of a real store: who cannot go on is told to be tried again, and what stays is not written."""

from itertools import islice
from pathlib import Path

import pytest

from actors.track_judge import Outcome, TrackJudge
from actors.violation_rows import ViolationRows
from protocols.vocabulary import ActorState
from storage.models import StretchRow, ViolationRow
from storage.parquet_parts import DamagedPart
from storage.track_rows import TrackRows
from tests.actors.station_kit import NOON_S
from tests.actors.yard import PLATES, Yard, open_yard

pytestmark = pytest.mark.asyncio


def judge_of(yard: Yard) -> TrackJudge:
    return TrackJudge(yard.writer, yard.ids, yard.waypoints, ViolationRows(yard.ids))


async def touched(yard: Yard) -> None:
    for second in (0, 10, 20, 60, 70):
        await yard.drive(PLATES[0], NOON_S + second, 50.0, "D1")
    await yard.drive(PLATES[0], NOON_S + 40, 50.0, "D1", NOON_S + 300)


def come_meanwhile(yard: Yard, monkeypatch: pytest.MonkeyPatch, *instants: tuple[int, int]) -> None:
    """After each reading of a track one more waypoint comes: (seconds after noon, the same of its receipt)."""
    read, coming = yard.waypoints.tracks.read, iter(instants)

    async def meanwhile(head: int, since_ms: int, vehicle_id: int, after_id: int = 0) -> TrackRows:
        rows = await read(head, since_ms, vehicle_id, after_id)
        for second, received in islice(coming, 1):
            await yard.drive(PLATES[0], NOON_S + second, 100.0, "D1", NOON_S + received)
        return rows

    monkeypatch.setattr(yard.waypoints.tracks, "read", meanwhile)


async def test_an_actor_that_does_not_run_or_received_more_that_is_late_is_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_yard(tmp_path) as yard:
        judge, actor = judge_of(yard), yard.world.vehicles[1]
        await touched(yard)
        actor.state = ActorState.BEHIND
        assert await judge.judge(actor) is Outcome.AGAIN
        actor.state = ActorState.RUNNING
        come_meanwhile(yard, monkeypatch, (50, 301))
        assert await judge.judge(actor) is Outcome.AGAIN
        assert actor.touched_s == NOON_S + 40
        assert await judge.judge(actor) is Outcome.SETTLED
        assert (actor.touched_s, judge.drivers) == (0, {"D1": NOON_S})


async def test_what_comes_in_order_meanwhile_is_judged_with_the_track(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vehicle that sends more often than its track can be judged is judged to its end all the same."""
    async with open_yard(tmp_path) as yard:
        judge, actor = judge_of(yard), yard.world.vehicles[1]
        await touched(yard)
        come_meanwhile(yard, monkeypatch, (100, 101), (110, 111), (120, 121))
        assert await judge.judge(actor) is Outcome.SETTLED
        assert (actor.touched_s, judge.rejudged) == (0, 1)
        for second in (130, 140, 150):
            await yard.drive(PLATES[0], NOON_S + second, 100.0 if second < 150 else 50.0, "D1")
        await yard.writer.flush()
        assert await ViolationRow.filter(kind="speed").values_list("start_s", "end_s") == [(NOON_S + 110, NOON_S + 150)]


async def test_a_second_judgement_writes_nothing(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        judge, actor = judge_of(yard), yard.world.vehicles[1]
        await touched(yard)
        assert await judge.judge(actor) is Outcome.SETTLED
        stood = [row.id for row in await ViolationRow.all()], [row.id for row in await StretchRow.all()]
        actor.touched_s = NOON_S + 40
        assert await judge.judge(actor) is Outcome.SETTLED
        assert ([row.id for row in await ViolationRow.all()], [row.id for row in await StretchRow.all()]) == stood
        assert judge.violations.revised == 1  # the silence of 40 s before, withdrawn by the first


async def test_a_track_of_which_nothing_can_be_read_is_let_be(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        judge, actor = judge_of(yard), yard.world.vehicles[1]
        await touched(yard)
        actor.seq = 0
        assert await judge.judge(actor) is Outcome.SETTLED
        assert (actor.touched_s, judge.rejudged) == (0, 0)


async def test_a_track_whose_past_is_damaged_waits_and_breaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_yard(tmp_path) as yard:
        judge, actor = judge_of(yard), yard.world.vehicles[1]
        await touched(yard)

        async def damaged(*args: object, **named: object) -> TrackRows:
            raise DamagedPart("day=2025-11-19/1-9.parquet cannot be read")

        monkeypatch.setattr(yard.waypoints.tracks, "read", damaged)
        assert await judge.judge(actor) is Outcome.LATER
        monkeypatch.undo()
        assert await judge.judge(actor) is Outcome.SETTLED
