"""Q4, measuring range, detection limit, negatives."""

from actors.rules.detection import DetectionThresholds, Qualifier, judge_detection
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases


@cases("detection_limit")
def test_detection_equals_the_vector(case: Case) -> None:
    instrument = DetectionThresholds.from_table(case["params"])
    assert [list(judge_detection(value, instrument)) for value in case["input"]["values"]] == case["expected"]


def test_a_value_below_the_detection_limit_stays_valid() -> None:
    assert judge_detection(0.4, DetectionThresholds(mdl=2.0)) == (Flag.GOOD, Qualifier.BELOW_MDL)


def test_a_negative_radiation_within_its_range_is_no_fault() -> None:
    assert judge_detection(-1.6, DetectionThresholds(may_be_negative=True)) == (Flag.GOOD, None)
