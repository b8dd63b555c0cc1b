"""Q0 against the golden vectors, from the bytes of the line to the flag."""

import json
from pathlib import Path
from typing import Any

import pytest

from actors.rules.syntax import judge_syntax
from protocols.formats import tt10_2021
from protocols.times import iso
from protocols.vocabulary import Flag

VECTORS = Path(__file__).parents[2] / "vectors" / "qc" / "syntax.jsonl"
CASES = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", [case for case in CASES if case["expected"]["param"]], ids=lambda case: case["id"])
def test_a_line_has_the_flag_and_reasons_of_its_vector(case: dict[str, Any]) -> None:
    (group,), reasons = tt10_2021.split(case["input"]["line"])
    columns = tt10_2021.read_group(group, reasons)
    verdict = judge_syntax(
        columns.unit, columns.status, columns.reasons, case["params"]["units"].get(columns.parameter)
    )
    expected = case["expected"]
    assert (verdict.flag, list(verdict.reasons)) == (expected["flag"], expected["reasons"])
    assert (columns.parameter, columns.value) == (expected["param"], expected["value"])
    assert (None if columns.time_s is None else iso(columns.time_s)) == expected["time"]


@pytest.mark.parametrize("case", [case for case in CASES if not case["expected"]["param"]], ids=lambda case: case["id"])
def test_a_line_without_columns_is_a_fault_with_the_reason_of_its_vector(case: dict[str, Any]) -> None:
    parsed = tt10_2021.parse(case["input"]["line"].encode())
    assert parsed.records == ()
    assert [fault.reason for fault in parsed.faults] == case["expected"]["reasons"]


@pytest.mark.parametrize("allowed", ["µg/m3", "ug/m3", "μg/m³"])
def test_the_spelling_of_a_unit_s_signs_does_not_matter(allowed: str) -> None:
    assert judge_syntax("ug/m³", "00", (), [allowed]).flag is Flag.GOOD


def test_a_reading_of_a_layout_without_status_is_good() -> None:
    assert judge_syntax("mg/L", "", (), ["mg/L"]) == (Flag.GOOD, ())


def test_a_missing_value_outranks_a_suspect_one() -> None:
    assert judge_syntax("mg/L", "00", ("separator", "missing_value"), ["mg/L"]).flag is Flag.MISSING
