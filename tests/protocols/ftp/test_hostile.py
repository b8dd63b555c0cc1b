"""Who wants to do harm: bounces, stolen data connections, floods, long lines, paths that climb."""

import asyncio
import os
import socket
from dataclasses import replace

import psutil
import pytest

from protocols.ftp.control import MAX_LINE_BYTES
from protocols.ftp.listener import FtpOptions
from tests.protocols.ftp.intake import BODY, NAME, PASSWORD, USERNAME, Intake, open_intake, until


def listening_ports() -> set[int]:
    """Ports that this process listens on."""
    return {each.laddr.port for each in psutil.Process().net_connections("tcp") if each.status == psutil.CONN_LISTEN}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("PORT 8,8,8,8,200,10", 504),
        ("PORT 127,0,0,2,200,10", 504),
        ("PORT 127,0,0,1,0,22", 504),
        ("PORT 127,0,0,1,3,255", 504),
        ("PORT 127,0,0,1", 501),
        ("PORT 127,0,0,1,256,10", 501),
        ("PORT a,b,c,d,e,f", 501),
        ("EPRT |1|8.8.8.8|50000|", 504),
        ("EPRT |1|127.0.0.1|80|", 504),
        ("EPRT |2|::1|50000|", 504),
        ("EPRT |1|::1|50000|", 501),
        ("EPRT |1|127.0.0.1|99999|", 501),
        ("EPRT x", 501),
    ],
)
async def test_active_mode_goes_to_the_peer_only(intake: Intake, line: str, code: int) -> None:
    async with await intake.talk() as talk:
        assert await talk.code(line) == code
        assert await talk.code(f"STOR {NAME}") == 425


@pytest.mark.asyncio
async def test_a_strangers_data_connection_is_turned_away_and_the_peers_taken(intake: Intake) -> None:
    async with await intake.talk() as talk:
        port = int((await talk.say("EPSV")).split("|")[3])
        thief, thief_writer = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.9", 0))
        _, data = await asyncio.open_connection("127.0.0.1", port)
        assert await talk.code(f"STOR {NAME}") == 150
        assert await thief.read() == b""
        data.write(BODY)
        data.close()
        assert (await talk.reply()).startswith("226")
        thief_writer.close()
    assert list(intake.area.files.values()) == [BODY]
    assert intake.listener.statistics()["strangers"] == 1


@pytest.mark.asyncio
async def test_passive_doors_do_not_pile_up(intake: Intake) -> None:
    async with await intake.talk() as talk:
        before = listening_ports()
        for _ in range(50):
            assert await talk.code("PASV") == 227
        assert len(listening_ports() - before) == 1
    await until(lambda: not listening_ports() - before)


@pytest.mark.asyncio
async def test_an_unused_passive_door_closes_by_itself(options: FtpOptions) -> None:
    async with open_intake(replace(options, data_s=0.2)) as intake, await intake.talk() as talk:
        before = listening_ports()
        await talk.say("PASV")
        await until(lambda: not listening_ports() - before)
        assert (await talk.say(f"STOR {NAME}")).startswith("150")
        assert (await talk.reply()).startswith("425")


def _two_free_ports() -> tuple[int, int]:
    """Neighbours below the range that outgoing connections take theirs from."""
    taken = listening_ports()
    for first in range(20000 + os.getpid() % 5000, 32000, 2):
        with socket.socket() as one, socket.socket() as two:
            if taken.isdisjoint((first, first + 1)) and not (
                one.connect_ex(("127.0.0.1", first)) == 0 or two.connect_ex(("127.0.0.1", first + 1)) == 0
            ):
                return first, first + 1
    pytest.fail("no free ports")


@pytest.mark.asyncio
async def test_passive_ports_come_from_their_range_and_go_back_to_it(options: FtpOptions) -> None:
    span = _two_free_ports()
    async with open_intake(replace(options, passive_ports=span)) as intake:
        talks = [await intake.talk() for _ in range(3)]
        replies = [await talk.say("EPSV") for talk in talks]
        assert {int(reply.split("|")[3]) for reply in replies[:2]} == set(span)
        assert replies[2].startswith("425")
        await talks[0].say("ABOR")
        assert await talks[2].code("EPSV") == 229
        for talk in talks:
            talk.writer.close()


@pytest.mark.asyncio
async def test_a_public_address_is_told_in_passive_replies(options: FtpOptions) -> None:
    async with open_intake(replace(options, public_address="203.0.113.7")) as intake, await intake.talk() as talk:
        assert "(203,0,113,7," in await talk.say("PASV")


@pytest.mark.asyncio
async def test_after_epsv_all_there_is_no_other_way(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert await talk.code("EPSV ALL") == 200
        for line in ("PASV", "PORT 127,0,0,1,200,10", "EPRT |1|127.0.0.1|50000|"):
            assert await talk.code(line) == 503
        assert await talk.code("EPSV 1") == 229
        assert await talk.code("EPSV 2") == 522


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [MAX_LINE_BYTES + 1, 300_000])
async def test_an_over_long_line_is_one_error_and_the_session_goes_on(intake: Intake, size: int) -> None:
    async with await intake.talk() as talk:
        assert await talk.code("STOR " + "x" * size) == 500
        assert await talk.code("NOOP") == 200


@pytest.mark.asyncio
async def test_who_never_reads_replies_is_not_answered_for_ever(options: FtpOptions) -> None:
    async with open_intake(replace(options, idle_s=0.5)) as intake:
        talk = await intake.talk()
        process = psutil.Process()
        before = process.memory_info().rss
        flood = asyncio.create_task(_flood(talk.writer))
        await until(lambda: not intake.listener.statistics()["open"])
        assert process.memory_info().rss - before < 64 << 20
        with pytest.raises(ConnectionError):
            await flood
        talk.writer.close()


async def _flood(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HELP\r\n" * 1000)
        await writer.drain()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/../../etc/passwd", "..\\..\\etc\\passwd", "TB_A/../../../../etc/passwd", "~/x"]
)
async def test_a_path_that_climbs_stays_below_the_root(intake: Intake, path: str) -> None:
    async with await intake.talk() as talk:
        assert await talk.code(f"RETR {path}") == 550
        assert (await talk.send(f"STOR {path}", BODY)).startswith("553")
        assert await talk.code(f"CWD {path}") == 550
    assert intake.area.files == {}


@pytest.mark.asyncio
@pytest.mark.parametrize("line", [b"STOR a\x00b", b"MKD a\x1bb", b"CWD a\xc2\x85b", b"RNTO x"])
async def test_control_characters_are_refused(intake: Intake, line: bytes) -> None:
    async with await intake.talk() as talk:
        assert await talk.code(line) in (503, 550, 553)


@pytest.mark.asyncio
async def test_a_name_cannot_put_lines_into_a_reply(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert await talk.say("CWD a\r230 logged in") == "550 control character in path"


@pytest.mark.asyncio
async def test_many_bad_logins_do_not_keep_a_good_one_out(intake: Intake) -> None:
    bad = [await intake.talk(login=False) for _ in range(30)]
    for talk in bad:
        talk.writer.write(f"USER {USERNAME}\r\nPASS wrong\r\n".encode())
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with await intake.talk(login=False) as good:
        await good.say(f"USER {USERNAME}")
        assert await good.code(f"PASS {PASSWORD}") == 230
    assert loop.time() - began < 1
    for talk in bad:
        talk.writer.close()
