"""Judging a track anew gives what judging the time-sorted first arrivals gives, whatever came late and how often."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest

from actors.messages import DayDriven, DroveStretch, Effect, TrackTouched, ViolationFound, WaypointStored
from actors.rejudging import FAR_S, NEAR_S, Rejudging, Track, begin_s, since_ms
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.rules.vehicle_rules import VehicleRules
from actors.vehicle import FUTURE_S, VehicleActor
from actors.vehicle_findings import effect_of
from protocols.formats.ufms import build_waypoint
from protocols.formats.ufms_track import TrackBodies
from protocols.times import DAY_S, HOUR_S, midnight_s
from protocols.vocabulary import ViolationKind
from protocols.waypoint import Waypoint
from storage.track_rows import TrackRows

BOOK = LimitBook(load_limits())
NIGHT_S = midnight_s(1_780_000_000)
PLATE, LIMIT_KMH = "29A12345", 60.0
Key = tuple[str, int]
Row = tuple[int, int, int, int, bytes]
"""id, prev, time_s, received_ms, body."""


def vehicle() -> VehicleActor:
    return VehicleActor(1, PLATE, LIMIT_KMH, BOOK)


def journey(random: Random) -> list[Waypoint]:
    """Some hours around a midnight: driving, stops, silences, speeding, changes of driver, fields that lack."""
    time_s, lat, driver = NIGHT_S - random.choice([0, 600, 3 * HOUR_S]), 20.5, "D1"
    track: list[Waypoint] = []
    while len(track) < 150:
        mode = random.choice(["drive", "drive", "speed", "park", "silent"])
        driver = random.choice([driver, driver, driver, "D2", ""])
        for _ in range(random.randint(1, 12)):
            kmh = {"drive": 40.0, "speed": 80.0, "park": 0.0, "silent": 30.0}[mode] + random.choice([0, 0, 3.5])
            step_s = {"drive": 15, "speed": 9, "park": 600, "silent": random.choice([40, 950])}[mode]
            time_s += step_s
            lat += kmh / 3.6 * step_s / 111_000
            odd = random.random() < 0.03
            place = (0.0, 0.0) if odd else (round(lat, 6), 105.8)
            track.append(Waypoint(PLATE, driver, kmh, time_s, place[1], place[0], None, None, None, None))
    return track


def at_speed(at_s: int, kmh: float) -> Waypoint:
    return Waypoint(PLATE, "D1", kmh, NIGHT_S + at_s, 105.8, 20.5 + at_s * 2e-4, None, None, None, None)


class Desk:
    """What is stored of one vehicle, kept as the service keeps it."""

    def __init__(self) -> None:
        self.actor = vehicle()
        self.rows: list[Row] = []
        self.reader = TrackBodies()
        self.violations: dict[Key, ViolationFound] = {}
        self.stretches: dict[int, DroveStretch] = {}
        self.days: dict[int, DayDriven] = {}
        self.tries: list[int] = []

    def hear(self, waypoint: Waypoint, received_s: int) -> None:
        seq = len(self.rows) + 1
        self.rows.append((seq, seq - 1, waypoint.time_s, received_s * 1000, build_waypoint(waypoint)))
        self.tell(self.actor.receive(WaypointStored(seq, received_s * 1000, waypoint)))

    def tell(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, ViolationFound) and effect.kind is not ViolationKind.ORDER:
                self.violations[str(effect.kind), effect.start_s] = effect
            elif isinstance(effect, DroveStretch):
                self.stretches[effect.start_s] = effect
            elif isinstance(effect, DayDriven):
                self.days[effect.day_s] = effect

    async def judge_anew(self, meanwhile: int = 0) -> None:
        """Judge the track, so many of its newest rows as if they had come meanwhile."""
        touched_s, judged = self.actor.touched_s, None
        for before_s in (NEAR_S, FAR_S):
            rows = TrackRows.of([row for row in self.rows[::-1] if row[3] >= since_ms(touched_s, before_s)])
            whole = rows.is_whole
            from_s = 0 if whole else begin_s(touched_s, before_s)
            known = len(rows.bodies) - meanwhile
            first, rest = _of(rows, slice(known)), _of(rows, slice(known, None))
            track = Track.arranged(first, from_s, self.reader)
            assert track is not None
            earlier = [one for one in self.stretches.values() if one.start_s < track.first_s]
            last = max(earlier, key=lambda one: one.start_s, default=None)
            self.tries.append(before_s)
            judging = Rejudging(self.actor, track.first_s, last, touched_s, whole=whole)
            assert await judging.push(track)
            judged = judging.judged(last_try=before_s == FAR_S)
            if (later := Track.arranged(rest, from_s, self.reader)) is not None and judged is not None:
                assert await judging.push(later) == (later.first_s > track.last_s)
                judged = judging.judged(last_try=before_s == FAR_S)
            if judged is not None:
                break
        assert judged is not None
        for key in [k for k, one in self.violations.items() if one.start_s >= judged.since[one.kind]]:
            del self.violations[key]
        for start_s in [start_s for start_s, one in self.stretches.items() if one.end_s > judged.first_s]:
            del self.stretches[start_s]
        self.tell([*judged.violations, *judged.stretches, *judged.days])
        judged.hand_over(self.actor)

    def in_order(self) -> int:
        """How many of the newest rows came in order of time."""
        times = [row[2] for row in self.rows]
        return next((at for at in range(len(times)) if times[-at - 1] <= max(times[: -at - 1], default=0)), 0)


def _of(rows: TrackRows, part: slice) -> TrackRows:
    number, prev, time_s, received_ms, bodies = rows
    return TrackRows(number[part], prev[part], time_s[part], received_ms[part], bodies[part])


def open_cases(rules: VehicleRules) -> list[Effect]:
    return [effect_of(1, one) for one in rules.unfinished()]


def by_time(track: Sequence[Waypoint]) -> tuple[Desk, VehicleRules]:
    """The whole track judged at once."""
    desk, rules = Desk(), VehicleRules(BOOK)
    for waypoint in sorted(track, key=lambda one: one.time_s):
        desk.tell([effect_of(1, one) for one in rules.push(waypoint, LIMIT_KMH, PLATE)])
    return desk, rules


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(40))
async def test_a_backlog_changes_what_it_must_and_nothing_else(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    monkeypatch.setattr("actors.rejudging.BREATH", random.choice([1, 30, 70, 1000]))
    track = journey(random)
    desk, late = Desk(), list[Waypoint]()
    for waypoint in track:
        if waypoint.time_s in {row[2] for row in desk.rows}:
            continue
        if random.random() < 0.1:
            late.append(waypoint)
        else:
            desk.hear(waypoint, waypoint.time_s + 2)
        if late and random.random() < 0.05:
            for number in random.sample(range(len(late)), random.randint(1, len(late))):
                desk.hear(late[number], waypoint.time_s + 3)
            late = [one for one in late if one.time_s not in {row[2] for row in desk.rows}]
            if desk.actor.touched_s and random.random() < 0.7:
                for newer in track[track.index(waypoint) + 1 :][: random.choice([0, 0, 1, 9])]:
                    desk.hear(newer, newer.time_s + 2)
                await desk.judge_anew(random.randint(0, desk.in_order()))
    for waypoint in late:
        desk.hear(waypoint, track[-1].time_s + 5)
    if desk.actor.touched_s:
        await desk.judge_anew()
    expected, rules = by_time(track)
    assert desk.violations == expected.violations
    assert desk.days == expected.days
    assert desk.actor.rules.stretch == rules.stretch
    assert desk.actor.rules.totals() == rules.totals()
    assert open_cases(desk.actor.rules) == open_cases(rules)
    newest = [one for one in (rules.stretch,) if one is not None]
    for one in newest:  # told only as far as it had grown
        for told in (desk, expected):
            told.stretches[one.start_s] = DroveStretch(1, *one)
    assert desk.stretches == expected.stretches


def test_what_the_journey_tells_is_worth_a_test() -> None:
    """All kinds of findings occur, so that the test above compares something."""
    desks = [by_time(journey(Random(seed)))[0] for seed in range(40)]
    assert {kind for desk in desks for kind, _ in desk.violations} == {
        "speed", "no_transmission", "frequency", "missing_field",
    }  # fmt: skip
    assert sum(len(desk.days) for desk in desks) > 20
    assert sum(len(desk.stretches) for desk in desks) > 100


@pytest.mark.asyncio
async def test_speeding_from_midnight_to_the_late_waypoint_is_judged_from_the_day_before_on() -> None:
    desk = Desk()
    drive = [at_speed(at, 90.0 if at > -1900 else 40.0) for at in range(-3000, 7210, 10)]
    held = next(one for one in drive if one.time_s == NIGHT_S + HOUR_S + 600)
    for waypoint in (one for one in drive if one is not held):
        desk.hear(waypoint, waypoint.time_s + 2)
    desk.rows[0] = 1, 7, *desk.rows[0][2:]  # there is an older past
    desk.hear(held, drive[-1].time_s + 1)
    await desk.judge_anew()
    assert desk.tries == [NEAR_S, FAR_S]
    (case,) = open_cases(desk.actor.rules)
    assert [case] == open_cases(by_time(drive)[1])


@pytest.mark.asyncio
async def test_a_stretch_that_began_before_the_track_goes_on_in_what_came_meanwhile_too() -> None:
    desk = Desk()
    drive = [at_speed(at, 40.0) for at in range(-3 * HOUR_S, 3 * HOUR_S, 10)]
    held = next(one for one in drive if one.time_s == NIGHT_S + 2 * HOUR_S)
    for waypoint in (one for one in drive if one is not held):
        if waypoint.time_s == drive[-60].time_s:
            desk.hear(held, waypoint.time_s + 1)
        desk.hear(waypoint, waypoint.time_s + 2)
    await desk.judge_anew(50)
    assert desk.tries == [NEAR_S]
    expected, rules = by_time(drive)
    assert desk.actor.rules.stretch == rules.stretch == (("D1", drive[0].time_s, drive[-1].time_s))
    assert desk.violations == expected.violations
    (stretch,) = desk.stretches.values()
    assert stretch[1:] == rules.stretch


def test_no_row_that_can_count_lies_before_what_is_read() -> None:
    touched_s = NIGHT_S + 100
    assert begin_s(touched_s, NEAR_S) == NIGHT_S - DAY_S - 900
    assert since_ms(touched_s, NEAR_S) == (NIGHT_S - DAY_S - 900 - FUTURE_S) * 1000


def test_a_late_waypoint_touches_once_and_a_second_of_an_instant_never() -> None:
    actor, seqs = vehicle(), iter(range(1, 9))
    track = [at_speed(at, 40.0) for at in (10, 30, 30, 20, 15)]
    effects = [actor.receive(WaypointStored(next(seqs), (NIGHT_S + 400) * 1000, one)) for one in track]
    assert [sum(isinstance(one, TrackTouched) for one in told) for told in effects] == [0, 0, 0, 1, 0]
    assert (actor.touched_s, actor.backlog, actor.out_of_order) == (NIGHT_S + 15, 2, 0)
    assert all(one.time_s < two.time_s for one, two in pairwise(track[:2]))
