"""The words of the console: the same in both languages, and every one that is asked for exists."""

import re
from pathlib import Path

from actors.review_acts import Overtaken
from protocols.records import Fault
from storage.models import ReviewJournalRow
from web.review import refused
from web.words import load_words

WEB = Path(__file__).parents[2] / "web"
ACTORS = WEB.parent / "actors"


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


def test_a_fault_is_told_in_the_pages_language_with_what_belongs_there() -> None:
    vi, en = load_words()["vi"], load_words()["en"]
    fault = Fault(2, 30, "unit", "unit", "In line 2 ...", "COD", "mg/L")._asdict()
    assert "mg/L" in vi.fault(fault) and "Đơn vị" in vi.fault(fault)
    assert "mg/L" in en.fault(fault)


def test_a_fault_of_an_older_version_is_told_too() -> None:
    vi = load_words()["vi"]
    assert vi.fault([2, 30, "time", "time", "In line 2 ...", "x"]).startswith("Thời gian")
    assert vi.fault({"reason": "no_word", "detail": "as it was written"}) == "as it was written"


def test_why_a_file_was_refused_is_its_first_fault_or_a_fixed_sentence() -> None:
    vi = load_words()["vi"]
    fault = Fault(1, 0, "fields", "empty", "The file is empty: send it again.", "")._asdict()
    assert vi.outcome("The file is empty", [fault]).startswith("Tệp rỗng")
    assert vi.outcome("same name, same bytes", []) == "trùng tên, trùng từng byte"
    assert vi.outcome("something else", []) == "something else"


def test_every_refusal_of_the_review_desk_has_words() -> None:
    files = [ACTORS / f"{name}.py" for name in ("review_acts", "review_desk", "review_values", "shift_book")]
    raised = r'(?:ReviewRefused|NotThere|super\(\).__init__)\(\s*"(\w+)",'
    codes = {code for file in files for code in re.findall(raised, file.read_text("utf-8"))}
    codes |= {f"gap_{code}" for code in ("before", "after", "wide")}
    assert len(codes) > 20
    for words in load_words().values():
        assert {code for code in codes if f"refused.{code}" not in words.table} == set()


def test_a_refusal_is_told_in_the_pages_language_with_who_did_what() -> None:
    error = refused(Overtaken(ReviewJournalRow(who="duyet", action="approve")))
    assert load_words()["vi"].refusal(error) == "duyet vừa chấp nhận đợt này. Tải lại trang rồi xem lại."
    error.code = error.error = "of_tomorrow"
    assert load_words()["vi"].refusal(error) == "duyet did approve meanwhile; look at it again"


def test_a_day_is_written_as_the_language_writes_it() -> None:
    words = load_words()
    assert (words["vi"].day("2026-11-28T07:27:19.000+07:00"), words["en"].day("2026-11-28")) == (
        "28/11/2026",
        "2026-11-28",
    )
