"""The command lines that the old scp runs here."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.sftp.scp import ScpCommand, parse_command


@pytest.mark.parametrize(
    ("command", "meaning"),
    [
        ("scp -t /", ScpCommand("/", sends=False, into_folder=False, times=False)),
        ("scp -r -p -d -t -- '/a b'", ScpCommand("/a b", sends=False, into_folder=True, times=True)),
        ("scp -v -f /x.txt", ScpCommand("/x.txt", sends=True, into_folder=False, times=False)),
        ("scp -prt .", ScpCommand(".", sends=False, into_folder=False, times=True)),
    ],
)
def test_the_command_lines_of_scp_are_understood(command: str, meaning: ScpCommand) -> None:
    assert parse_command(command) == meaning


@pytest.mark.parametrize(
    "command", ["", "scp", "scp -t", "scp /", "scp -t -f /", "scp -S id -t /", "scp 'x", "id -t /"]
)
def test_nothing_else_is(command: str) -> None:
    assert parse_command(command) is None


@given(st.sampled_from(["", "scp ", "scp -t ", "scp -f -- "]), st.text())
def test_any_command_line_is_understood_or_refused(start: str, text: str) -> None:
    command = parse_command(start + text)
    assert command is None or command.path == shlex.split(start + text)[-1]
