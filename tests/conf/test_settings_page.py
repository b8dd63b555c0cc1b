"""The page of settings is generated, and it names every key."""

import dataclasses
from pathlib import Path

from conf.settings import Settings
from conf.settings_page import settings_page

FILE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_in_docs_is_the_generated_one() -> None:
    assert FILE.read_text(encoding="utf-8") == settings_page()


def test_the_page_has_a_line_for_every_key() -> None:
    page = settings_page()
    for section in dataclasses.fields(Settings):
        for key in dataclasses.fields(section.type):  # type: ignore[arg-type]
            assert f"`TRAMBOX_{section.name.upper()}_{key.name.upper()}`" in page
