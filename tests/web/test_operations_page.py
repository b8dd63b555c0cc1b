"""The page of the API is generated, and it names every metric."""

import re
from pathlib import Path

from web.operations_page import operations_page

ROOT = Path(__file__).parents[2]


def test_the_page_in_docs_is_the_generated_one() -> None:
    assert (ROOT / "docs" / "http.md").read_text(encoding="utf-8") == operations_page()


def test_the_page_names_the_metrics_that_there_are() -> None:
    made = set(re.findall(r'"(trambox_\w+)"', (ROOT / "web" / "metrics.py").read_text(encoding="utf-8")))
    assert made == set(re.findall(r"`(trambox_\w+)`", operations_page()))
