"""The report: medians of what was repeated, on paper and as JSON."""

import json
from pathlib import Path

from tests.bench.report import Report


def test_of_a_repeated_figure_the_median_counts_and_its_spread_is_shown() -> None:
    report = Report()
    for value in (100.0, 900.0, 300.0):
        report.add("files", "stored", value, "files/s", "500")
    assert report.value("files", "stored") == 300
    line = report.table().splitlines()[1]
    assert line.split() == ["files", "stored", "300", "files/s", "(100", "to", "900)", "[bar:", "500]"]


def test_the_json_holds_every_value_and_note(tmp_path: Path) -> None:
    report = Report()
    report.add("kernel", "messages", 1.5, "us")
    report.note("nothing to compare with")
    report.write(tmp_path / "report.json")
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["figures"] == [
        {"bench": "kernel", "what": "messages", "unit": "us", "bar": "", "median": 1.5, "values": [1.5]}
    ]
    assert written["notes"] == ["nothing to compare with"]
