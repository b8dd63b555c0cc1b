"""The golden vectors of the quality tests as pytest parameters: one case per line, its id the line's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from actors.rules.range_check import RangeThresholds, judge_range
from protocols.times import parse_iso
from protocols.vocabulary import Flag

FOLDER = Path(__file__).parents[2] / "vectors" / "qc"

Case = dict[str, Any]
Series = list[tuple[float, float | None, bool]]


def cases(test: str) -> pytest.MarkDecorator:
    """Parametrise a test function with every vector of one file as `case`."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in read_cases(test)])


def read_cases(test: str) -> list[Case]:
    """Read every vector of one file."""
    lines = (FOLDER / f"{test}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def seconds(stamps: list[str]) -> list[int]:
    """Read ISO times as epoch seconds."""
    return [parse_iso(stamp) for stamp in stamps]


def split(case: Case) -> tuple[Series, dict[str, Any]]:
    """Give a temporal case's series with each value's usability (its `range` table), and the remaining params."""
    params = dict(case["params"])
    span = params.pop("range", None)
    limits = RangeThresholds.from_table(span) if span else None
    series: Series = []
    for stamp, value in case["input"]["series"]:
        usable = limits is None or judge_range(value, limits) is not Flag.FAIL
        series.append((parse_iso(stamp), value, usable))
    return series, params
