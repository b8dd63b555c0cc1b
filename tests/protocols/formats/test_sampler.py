"""The command for a sampler and its answer: one line each, whatever people write."""

from hypothesis import given
from hypothesis import strategies as st

from protocols.formats.sampler import build_command, parse_answer
from protocols.vocabulary import SampleState

AT_S = 1_763_610_900


def test_a_command_says_who_is_meant_which_sample_and_why_on_one_line() -> None:
    command = build_command("TB_A", 7, AT_S, "3", "COD vượt\tngưỡng\r\nlần 2")
    assert command.name == "TB_A_LAYMAU_7_20251120105500.txt"
    assert command.body.decode() == "LAYMAU\t7\t20251120105500\t3\tCOD vượt ngưỡng lần 2\r\n"


def test_an_answer_is_known_by_its_name_and_its_first_word() -> None:
    assert parse_answer("TB_A_LAYMAU_7.txt", b"OK chai 3\r\n") == (7, SampleState.TAKEN, "OK chai 3")
    assert parse_answer("tb_a_laymau_7_x.TXT", "LOI hết chai".encode()) == (7, SampleState.FAILED, "LOI hết chai")
    assert parse_answer("TB_A_LAYMAU_7.txt", b"") == (7, SampleState.FAILED, "")
    assert parse_answer("TB_A_20260320170000.txt", b"OK") is None


@given(st.text(max_size=60), st.binary(max_size=400))
def test_any_name_and_bytes_are_an_answer_or_none(name: str, data: bytes) -> None:
    answer = parse_answer(name, data)
    assert answer is None or (len(answer.text) <= 300 and "\n" not in answer.text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_command_has_five_columns_whatever_people_write(bottle: str, reason: str) -> None:
    body = build_command("TB_A", 1, AT_S, bottle, reason).body.decode()
    assert body.count("\t") == 4
    assert body.endswith("\r\n")
    assert len(body.splitlines()) >= 1
