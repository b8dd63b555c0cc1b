"""Hypothesis series: irregular times, coarse values (so that limits are met exactly), holes and unusable values."""

from hypothesis import strategies as st

from tests.actors.rules.vector_files import Series

STARTS_S = 1_750_000_000

steps_s = st.sampled_from([60, 300, 599, 600, 601, 900, 901, 1200, 1800, 1801, 3600, 3601, 7200])
values = st.one_of(st.none(), st.integers(-6, 6).map(lambda tenth: tenth * 0.5), st.just(float("nan")), st.just(40.0))
cuts = st.integers(0, 60)


@st.composite
def series(draw: st.DrawFn, most: int = 60) -> Series:
    """Draw (time_s, value, usable) ascending by time."""
    rows = draw(st.lists(st.tuples(steps_s, values, st.sampled_from([True, True, True, False])), max_size=most))
    time_s = STARTS_S
    drawn: Series = []
    for step_s, value, usable in rows:
        time_s += step_s
        drawn.append((time_s, value, usable))
    return drawn
