"""The table of provinces. Source: TT 13/2023/TT-BTNMT Bảng 2; QĐ 19/2025/QĐ-TTg."""

from datetime import date

from actors.rules.provinces import province_on, provinces, rows_of

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def in_force(day: date) -> dict[str, str]:
    return {row.code: row.name for row in provinces() if row.is_valid(day)}


def test_there_are_63_provinces_before_the_merger_and_34_after() -> None:
    assert (len(in_force(BEFORE)), len(in_force(AFTER))) == (63, 34)


def test_a_code_says_a_province_only_with_a_date() -> None:
    assert (in_force(BEFORE)["15"], in_force(AFTER)["15"]) == ("Yên Bái", "Lào Cai")


def test_each_row_names_its_article() -> None:
    assert all(row.article for row in provinces())


def test_a_code_is_looked_up_on_its_day_and_over_all_days() -> None:
    found = province_on("34", BEFORE)
    assert found is not None
    assert (found.name, province_on("34", AFTER)) == ("Thái Bình", None)
    assert [row.name for row in rows_of("15")] == ["Yên Bái", "Lào Cai"]
    assert rows_of("03") == ()
