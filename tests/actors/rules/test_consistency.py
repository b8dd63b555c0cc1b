"""Q5, internal consistency."""

import pytest

from actors.rules.consistency import NO_PER_NO2, RULES, ConsistencyRule, join_rules
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases


@cases("consistency")
def test_the_rule_equals_the_vector(case: Case) -> None:
    assert ConsistencyRule.from_table(case["params"]).judge(case["input"]["record"]) == case["expected"]


@pytest.mark.parametrize("name", RULES)
def test_a_rule_without_its_partners_is_not_evaluated(name: str) -> None:
    rule = ConsistencyRule.from_table({"rule": name})
    for missing in (None, float("nan")):
        record: dict[str, float | None] = dict.fromkeys(rule.kind.reads, 1.0)
        record[rule.kind.reads[-1]] = missing
        assert set(rule.judge(record).values()) == {Flag.NOT_EVALUATED}


@pytest.mark.parametrize(("part", "whole", "rule"), [("nh4", "tn", "nh4_tn"), ("po4", "tp", "po4_tp")])
def test_a_part_over_its_whole_is_suspect(part: str, whole: str, rule: str) -> None:
    judged = ConsistencyRule.from_table({"rule": rule}).judge({part: 5.0, whole: 4.0})
    assert judged == {part: Flag.SUSPECT, whole: Flag.SUSPECT}


def test_minimum_over_maximum_fails_all_three() -> None:
    judged = ConsistencyRule.from_table({"rule": "tminmax"}).judge({"t": 25.0, "tmin": 26.0, "tmax": 24.0})
    assert set(judged.values()) == {Flag.FAIL}


def test_nox_in_micrograms_counts_no_as_the_no2_it_becomes() -> None:
    record = {"no": 10.0, "no2": 20.0, "nox": 35.33}
    assert ConsistencyRule.from_table({"rule": "nox", "no_factor": NO_PER_NO2}).judge(record)["nox"] is Flag.GOOD
    assert ConsistencyRule.from_table({"rule": "nox"}).judge(record)["nox"] is Flag.SUSPECT


def test_of_several_rules_the_maximum_counts() -> None:
    verdicts = [{"t": Flag.GOOD, "p": Flag.FAIL}, {"t": Flag.NOT_EVALUATED, "p": Flag.SUSPECT}]
    assert join_rules(verdicts) == {"t": Flag.NOT_EVALUATED, "p": Flag.FAIL}


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"rule": "gusts"}, "rule 'gusts' is unknown; write 'gust'"),
        ({}, "rule None is unknown"),
        ({"rule": "gust", "tolerance": 1}, "has no key 'tolerance'; it takes tol"),
        ({"rule": "gust", "tol": "1"}, "is not a number"),
    ],
)
def test_a_bad_table_is_refused_with_the_mend(table: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ConsistencyRule.from_table(table)
