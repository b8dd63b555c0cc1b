"""The words of letters: whole lists, both languages, a document for machines."""

from dataclasses import replace

import pytest

from actors.notices.digest import Digest, Item
from actors.notices.wording import MOST_LINES, WORDS, Sender, Wording, say_detail, word_letter
from protocols.vocabulary import Cause, Occasion

SENDER = Sender("Sở NNMT", "https://tram.example.vn/", 2.0)
NOW_S = 1_763_610_900.0
NOW_MS = int(NOW_S * 1000)


def write(digest: Digest, occasion: Occasion, language: str = "vi", sender: Sender = SENDER) -> Wording:
    return word_letter(digest, occasion, language, sender, {"station:TB_A": "Cà Phê"}.get, NOW_S)  # type: ignore[arg-type]


def digest(*items: Item, told_ms: int = 0) -> Digest:
    return Digest(3, "Trực ban", Cause.MISSING, "tok", NOW_MS - 900_000, list(items), told_ms, told_ms)


def item(number: int, source: str, recovered_ms: int | None = None, ago_ms: int = 600_000) -> Item:
    return Item(number, source, NOW_MS - ago_ms, NOW_MS - ago_ms, "10:30 20/11", recovered_ms)


def test_the_first_letter_lists_all_with_name_since_and_detail_and_asks_for_an_answer() -> None:
    wording = write(digest(item(1, "station:TB_A"), item(2, "station:TB_B")), Occasion.OPENED)
    assert wording.subject == "[Sở NNMT] Trạm, đơn vị truyền mất dữ liệu: 2 nguồn"
    assert "- TB_A (Cà Phê): từ 10:45 20/11; 10:30 20/11" in wording.body
    assert "- TB_B: từ" in wording.body
    assert "https://tram.example.vn/n/tok" in wording.body
    assert "2 giờ" in wording.body


def test_a_later_letter_parts_what_is_new_what_recovered_and_what_stands() -> None:
    changed = digest(
        item(1, "station:TB_A"), item(2, "station:TB_B", NOW_MS - 1000), item(3, "station:TB_C", ago_ms=60_000),
        told_ms=NOW_MS - 300_000,
    )  # fmt: skip
    wording = write(changed, Occasion.CHANGED, "en")
    new, recovered, standing = (wording.body.index(word) for word in ("New:", "Recovered:", "Standing:"))
    assert new < wording.body.index("TB_C") < recovered < wording.body.index("TB_B") < standing
    assert wording.body.index("TB_A") > standing
    assert [entry["source"] for entry in wording.document["new"]] == ["station:TB_C"]
    assert wording.document["recovered"][0]["recovered"].endswith("+07:00")


def test_the_last_letter_says_that_it_is_over_and_asks_for_nothing() -> None:
    over = digest(item(1, "station:TB_A", NOW_MS - 1000), told_ms=NOW_MS - 300_000)
    wording = write(over, Occasion.RECOVERED)
    assert wording.subject.endswith("đã hết")
    assert "/n/tok" not in wording.body
    assert "từ 10:45 20/11 đến 10:54 20/11" in wording.body


def test_without_an_address_of_its_own_the_box_names_the_notice() -> None:
    wording = write(digest(item(1, "station:TB_A")), Occasion.OPENED, sender=Sender("Sở", "", 2.0))
    assert "thông báo số 3" in wording.body
    assert wording.document["link"] == ""


def test_five_hundred_lines_are_enough() -> None:
    many = digest(*(item(number, f"station:S{number}") for number in range(MOST_LINES + 20)))
    assert "… và 20 nguồn khác" in write(many, Occasion.OPENED).body


@pytest.mark.parametrize("occasion", list(Occasion))
@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_and_occasion_has_its_words(cause: Cause, occasion: Occasion) -> None:
    for words in WORDS.values():
        assert f"cause.{cause}" in words
        assert f"occasion.{occasion}" in words
    assert WORDS["vi"].keys() == WORDS["en"].keys()


def test_a_detail_names_its_tests_in_the_language_of_the_letter() -> None:
    doubtful = digest(replace(item(1, "station:TB_A"), detail="COD 47 mg/L (range, syntax) 10:30"))
    assert "COD 47 mg/L (ngưỡng vật lý, cú pháp bản tin) 10:30" in write(doubtful, Occasion.OPENED).body
    assert "COD 47 mg/L (physical range, message syntax) 10:30" in write(doubtful, Occasion.OPENED, "en").body
    assert say_detail(WORDS["vi"], "SO2, PM10 (8h, day)") == "SO2, PM10 (trung bình 8 giờ, trung bình ngày)"
    assert say_detail({}, "Temp (x_1) (gap)") == "Temp (x_1) (gap)"
