"""Any command line gets a reply and never ends the server."""

import asyncio
import re

import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import PathRefused
from protocols.ftp.addresses import build_pasv, parse_eprt, parse_port
from protocols.ftp.control import TELNET_MARKS
from protocols.ftp.listener import FtpOptions
from protocols.ftp.verbs import VERBS
from protocols.paths import normalise
from tests.fuzz.depth import examples
from tests.protocols.ftp.intake import BODY, NAME, PLACE, open_intake

REPLY = re.compile(rb"\A([1-5][0-9][0-9])(?: [^\r\n]*|-[^\r\n]*(?:\r\n [^\r\n]*)*\r\n\1 [^\r\n]*)\r\n\Z")
ENDING = frozenset({"QUIT", "AUTH", "PASS", "USER"})
SAFE_VERBS = sorted(set(VERBS) - ENDING)

arguments = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [b"", b"..", b"/", b"*", b"-la", b"ALL", b"1,2,3,4,5,6", b"|1|127.0.0.1|5000|", NAME.encode(), b"0"]
    ),
)
known = st.builds(lambda verb, rest: verb.encode() + b" " + rest, st.sampled_from(SAFE_VERBS), arguments)
lines = st.one_of(st.binary(max_size=60), known).map(lambda line: re.sub(rb"[\r\n]", b"", line))


def ends_the_session(line: bytes) -> bool:
    """Whether a line may log out, or wait on purpose."""
    word = line.lstrip(TELNET_MARKS).decode("latin-1").partition(" ")[0]
    return word.strip().upper() in ENDING


async def read_reply(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(5):
        reply = await reader.readline()
        code = reply[:3]
        while reply[3:4] == b"-":
            more = await reader.readline()
            assert more, "the session ended inside a reply"
            reply += more
            if more[:4] == code + b" ":
                break
    return reply


async def converse(typed: list[bytes]) -> None:
    options = FtpOptions(port=0, passive_ports=(0, 0), data_s=0.05)
    async with open_intake(options) as intake, await intake.talk() as talk:
        intake.area.files[PLACE] = BODY  # not over the wire: `data_s` is too short for a busy machine
        for line in typed:
            talk.write(line)
            reply = await read_reply(talk.reader)
            assert REPLY.match(reply), (line, reply)
            if reply.startswith(b"150"):
                final = await read_reply(talk.reader)
                assert REPLY.match(final), (line, final)
        assert await talk.code("NOOP") == 200
        assert intake.area.files[PLACE] == BODY
        async with await intake.talk() as other:
            assert await other.code("NOOP") == 200


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(lines.filter(lambda line: not ends_the_session(line)), max_size=15))
def test_every_line_gets_exactly_one_whole_reply(typed: list[bytes]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(converse(typed))


async def flood(data: bytes) -> None:
    async with open_intake(FtpOptions(port=0, passive_ports=(0, 0), login_s=0.1)) as intake:
        async with await intake.talk(login=False) as talk:
            talk.writer.write(data)
            talk.writer.write_eof()
            async with asyncio.timeout(5):
                answered = await talk.reader.read()
        assert answered.count(b"\r\n") <= 10 * data.count(b"\n") + 1
        async with await intake.talk() as other:
            assert await other.code("NOOP") == 200
        assert intake.area.files == {}


@settings(max_examples=examples(40), deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=200), st.just(b"\n"), st.just(b"\r\n"), st.just(b"x" * 5000))).map(b"".join)
)
def test_bytes_without_any_sense_leave_the_server_standing(data: bytes) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(flood(data))


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    for parse in (parse_port, parse_eprt):
        found = parse(text)
        assert found is None or 0 <= found[1] <= 65535


@given(st.lists(st.integers(0, 255), min_size=4, max_size=4), st.integers(0, 65535))
def test_an_address_goes_out_and_comes_back(octets: list[int], port: int) -> None:
    address = ".".join(map(str, octets))
    assert parse_port(build_pasv(address, port)[1:-1]) == (address, port)


@given(st.text())
def test_any_text_is_a_clean_path_or_refused(text: str) -> None:
    try:
        path = normalise(text)
    except PathRefused:
        return
    assert path.startswith("/")
    assert "\\" not in path
    assert normalise(path) == path
