"""One name for each QC test."""

from actors.rules.error_types import OF_TEST
from actors.rules.flags import TESTS
from actors.rules.test_names import LANGUAGES, TEST_WORDS


def test_every_test_has_one_name_of_its_own_in_each_language() -> None:
    for language in LANGUAGES:
        names = [TEST_WORDS[language][f"test.{test}"] for test in {*TESTS, *OF_TEST, "rain_counter"}]
        assert len(set(names)) == len(names) and all(names)


def test_the_step_of_control_stands_before_the_same_name() -> None:
    """QĐ 338/QĐ-KTTV Phụ lục 01: the column of content and method."""
    assert TEST_WORDS["vi"]["test_of_step.step"] == f"Sơ bộ: {TEST_WORDS['vi']['test.step']}"
