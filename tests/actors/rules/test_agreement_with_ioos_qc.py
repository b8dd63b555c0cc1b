"""Agreement with ioos_qc, where the definitions are the same; the deliberate differences are set apart here.

Values lie on a grid and limits between its points, so that our tolerance and its plain `>` cannot differ.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.rules.flat_line import FlatLineThresholds, judge_flat_lines
from actors.rules.range_check import RangeThresholds, judge_range
from actors.rules.spike import SpikeThresholds, judge_spikes
from actors.rules.step import StepThresholds, judge_steps
from protocols.vocabulary import Flag

qartod: Any = pytest.importorskip("ioos_qc.qartod")
numpy: Any = pytest.importorskip("numpy")

STEP_S = 600

grid = st.integers(-8, 8).map(float)
whole = st.lists(grid, min_size=3, max_size=40)
holed = st.lists(st.one_of(grid, st.none()), min_size=3, max_size=40)


def as_array(values: Sequence[float | None]) -> Any:
    return numpy.array([numpy.nan if value is None else value for value in values], dtype=float)


def as_times(values: Sequence[float | None]) -> Any:
    return numpy.arange(len(values)) * STEP_S


def as_series(values: Sequence[float | None]) -> list[tuple[float, float | None, bool]]:
    return [(index * STEP_S, value, True) for index, value in enumerate(values)]


def as_flags(result: Any) -> list[Flag]:
    return [Flag(int(flag)) for flag in numpy.ma.filled(result, 9)]


@settings(deadline=None)
@given(holed)
def test_range_agrees(values: list[float | None]) -> None:
    theirs = as_flags(qartod.gross_range_test(as_array(values), (-6, 6), (-3, 3)))
    ours = [judge_range(value, RangeThresholds(-6, 6, -3, 3)) for value in values]
    assert ours == theirs


@settings(deadline=None)
@given(whole)
def test_spike_agrees_with_the_differential_method(values: list[float]) -> None:
    theirs = as_flags(qartod.spike_test(as_array(values), 2.5, 5.5, method="differential"))
    assert judge_spikes(as_series(values), SpikeThresholds(sus=2.5, fail=5.5, max_gap_s=900)) == theirs


@settings(deadline=None)
@given(whole)
def test_step_agrees_with_the_rate_of_change_but_for_the_first_value(values: list[float]) -> None:
    """Ours has no first verdict; without a fail tier every value is the next one's reference, as theirs."""
    theirs = as_flags(qartod.rate_of_change_test(as_array(values), as_times(values), 3.5 / STEP_S))
    ours = judge_steps(as_series(values), StepThresholds(s10=3.5))
    assert ours[0] is Flag.NOT_EVALUATED
    assert ours[1:] == theirs[1:]


@settings(deadline=None)
@given(st.lists(st.integers(0, 2).map(float), min_size=8, max_size=40))
def test_flat_line_agrees_on_a_regular_series(values: list[float]) -> None:
    theirs = as_flags(qartod.flat_line_test(as_array(values), as_times(values), 1800, 3600, tolerance=1.5))
    limits = FlatLineThresholds(tol=1.5, sus_s=1800, fail_s=3600, max_gap_s=1800)
    assert judge_flat_lines(as_series(values), limits) == theirs
