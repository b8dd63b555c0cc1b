"""The words of the console: the same in both languages, and every one that is asked for exists."""

import re
from pathlib import Path

from web.words import load_words

WEB = Path(__file__).parents[2] / "web"


def test_both_languages_have_the_same_words_with_the_same_fields() -> None:
    words = load_words()
    vi, en = words["vi"].table, words["en"].table
    assert set(vi) == set(en)
    assert [key for key in vi if set(re.findall(r"{\w+}", vi[key])) != set(re.findall(r"{\w+}", en[key]))] == []


def test_every_word_that_a_page_or_script_asks_for_exists() -> None:
    table = load_words()["vi"].table
    sources = [*(WEB / "templates").glob("*.html"), *(WEB / "static").glob("*.js")]
    asked = {key for path in sources for key in re.findall(r"""\bt\(["']([\w.]+)["']""", path.read_text("utf-8"))}
    asked |= {key for path in sources for key in re.findall(r'"((?:nav|filter)\.\w+)"', path.read_text("utf-8"))}
    assert len(asked) > 60
    assert {key for key in asked if not key.endswith(".")} - set(table) == set()


def test_a_sentence_of_the_core_is_told_in_the_language_of_the_page() -> None:
    assert load_words()["vi"].told("flip", "file received") == "nhận tệp"
    assert load_words()["vi"].told("flip", "moved to an island") == "moved to an island"
