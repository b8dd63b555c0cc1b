"""The reads of this file in service: tests/end_to_end/test_driving_vectors.py."""

from storage import violations


def test_the_reads_are_guarded_against_an_absent_store() -> None:
    assert hasattr(violations.stretches_after, "__wrapped__")
