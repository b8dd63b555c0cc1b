"""Transmission of data: the golden tracks, restarts, and missing fields."""

import random
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.track import TrackMessage, arrange
from actors.rules.transmission import (
    NonTransmission,
    TooRare,
    TransmissionMessage,
    TransmissionState,
    evaluate,
    missing_fields,
)
from tests.actors.rules.tracks import Vector, by_plate, limits, name_of, through_json, vectors

LIMITS = limits().transmission
TRACKS = vectors("transmission")


def transmission_messages(track: Iterable[TrackMessage]) -> list[TransmissionMessage]:
    return [(m.time_s, m.speed_kmh, m.lat, m.lon) for m in track]


def assert_as_expected(vector: Vector, found: list[tuple[str, NonTransmission | TooRare]]) -> None:
    silent = [(plate, verdict) for plate, verdict in found if isinstance(verdict, NonTransmission)]
    rare = [
        {
            "plate": plate,
            "start": verdict.start_s,
            "end": verdict.end_s,
            "interval": verdict.interval_s,
            "allowed": verdict.allowed_s,
        }
        for plate, verdict in found
        if isinstance(verdict, TooRare)
    ]
    assert rare == vector["expected"]["frequency"]
    wanted = vector["expected"]["non_transmission"]
    assert [(p, v.start_s, v.end_s, v.duration_s) for p, v in silent] == [
        (want["plate"], want["start"], want["end"], want["duration"]) for want in wanted
    ]
    assert [v.distance_m for _, v in silent] == pytest.approx([want["distance_m"] for want in wanted], rel=0.006)


@pytest.mark.parametrize("vector", TRACKS, ids=name_of)
def test_a_track_gives_the_expected_verdicts(vector: Vector) -> None:
    assert_as_expected(
        vector,
        [
            (plate, verdict)
            for plate, track in by_plate(vector["messages"]).items()
            for verdict in evaluate(transmission_messages(arrange(track)), LIMITS)
        ],
    )


@pytest.mark.parametrize("vector", TRACKS, ids=name_of)
def test_a_shuffled_arrival_gives_the_same_verdicts_when_recomputed(vector: Vector) -> None:
    found = []
    for plate, track in by_plate(vector["messages"]).items():
        arrived = list(track)
        random.Random(vector["id"]).shuffle(arrived)
        found += [(plate, verdict) for verdict in evaluate(transmission_messages(arrange(arrived)), LIMITS)]
    assert_as_expected(vector, found)


@pytest.mark.parametrize("vector", TRACKS, ids=name_of)
def test_a_restart_after_every_message_gives_the_same_verdicts(vector: Vector) -> None:
    found = []
    for plate, track in by_plate(vector["messages"]).items():
        state = TransmissionState(LIMITS)
        for message in transmission_messages(arrange(track)):
            state = TransmissionState.from_state(through_json(state.state()), LIMITS)
            if (verdict := state.push(*message)) is not None:
                found.append((plate, verdict))
    assert_as_expected(vector, found)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 30, 31, 900, 901, 2000]),
            st.sampled_from([None, 0.0, 4.9, 5.0, 60.0]),
            st.sampled_from([None, 0.0, 20.0, 20.0015, 20.05]),
        )
    )
)
def test_an_interval_is_charged_at_most_once_and_never_when_it_is_short_enough(
    steps: list[tuple[int, float | None, float | None]],
) -> None:
    time_s, track = 1_772_413_200, []
    for gap_s, speed_kmh, lat in steps:
        time_s += gap_s
        track.append((time_s, speed_kmh, lat, 106.0))
    verdicts = evaluate(track, LIMITS)
    assert len({verdict.end_s for verdict in verdicts}) == len(verdicts)
    assert all(verdict.end_s - verdict.start_s > 30 for verdict in verdicts)


def test_the_missing_fields_of_the_golden_messages_are_named() -> None:
    for vector in vectors("missing"):
        found: list[dict[str, Any]] = []
        for index, raw in enumerate(vector["messages"]):
            fields = missing_fields(
                plate=raw["plate"],
                time_s=raw["t"],
                speed_kmh=raw["speed"],
                lat=raw["lat"],
                lon=raw["lon"],
                licence=raw["licence"],
            )
            if fields:
                found.append({"index": index, "fields": list(fields)})
        assert found == vector["expected"]["missing_fields"]


def test_a_message_with_nothing_in_it_misses_every_field() -> None:
    fields = missing_fields(plate=None, time_s=None, speed_kmh=None, lat=None, lon=None, licence=None)
    assert fields == ("plate", "time", "speed", "position", "licence")
