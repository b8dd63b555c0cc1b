"""The keys of a quality-control table are judged by the rule they belong to."""

import pytest

from conf.faults import ConfigFault
from conf.qc_tables import QC_TABLES, read_qc
from conf.table_reader import TableReader


@pytest.mark.parametrize("test", QC_TABLES)
def test_every_test_refuses_an_unknown_key(test: str) -> None:
    faults: list[ConfigFault] = []
    read_qc(TableReader("qc", {test: {"no_such_key": 1}}, faults), 300)
    assert [fault.where for fault in faults] == [f"qc.{test}"]


@pytest.mark.parametrize("test", QC_TABLES)
def test_every_test_can_be_turned_off(test: str) -> None:
    faults: list[ConfigFault] = []
    assert read_qc(TableReader("qc", {test: False}, faults), 300) == {test: False}
    assert faults == []


def test_a_fault_of_a_rule_brings_its_mend() -> None:
    faults: list[ConfigFault] = []
    read_qc(TableReader("qc", {"range": {"fail_lo": 5, "fail_hi": 0}}, faults), 300)
    assert faults[0].mend
    assert "fail_lo" in faults[0].problem
