"""Uploads, what breaks them off, listings, folders and names, over a plain connection."""

import asyncio
import os
import signal
import socket
import struct
import sys
from dataclasses import replace
from functools import partial

import pytest
from typing_extensions import override

from protocols.ftp.listener import FtpOptions
from protocols.uploads import Grant, Receipt
from tests.protocols.ftp.intake import BODY, NAME, PASSWORD, PLACE, USERNAME, Intake, Talk, open_intake, until
from tests.protocols.memory_area import MemoryArea


class SlowArea(MemoryArea):
    """Stores only when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.may_store = asyncio.Event()

    @override
    async def store(self, grant: Grant, path: str, data: bytes) -> Receipt:
        await self.may_store.wait()
        return await super().store(grant, path, data)


@pytest.mark.asyncio
async def test_the_reply_to_an_upload_carries_the_receipt(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert await talk.send(f"STOR {NAME}", BODY) == f"226 stored {NAME}, {len(BODY)} bytes"
    assert intake.area.files == {PLACE: BODY}


@pytest.mark.asyncio
async def test_226_waits_until_the_area_has_stored(options: FtpOptions) -> None:
    area = SlowArea()
    async with open_intake(options, area) as intake, await intake.talk() as talk:
        sending = asyncio.create_task(talk.send(f"STOR {NAME}", BODY))
        _, pending = await asyncio.wait({sending}, timeout=0.2)
        assert pending == {sending}
        area.may_store.set()
        assert (await sending).startswith("226")


@pytest.mark.asyncio
async def test_a_client_that_leaves_while_its_file_is_being_stored_does_not_undo_it(options: FtpOptions) -> None:
    area = SlowArea()
    async with open_intake(options, area) as intake:
        talk = await intake.talk()
        _, data = await talk.begin(f"STOR {NAME}")
        data.write(BODY)
        data.close()
        await data.wait_closed()
        await asyncio.sleep(0.05)
        talk.writer.close()
        area.may_store.set()
        await until(lambda: area.files)
        assert area.broken == []


@pytest.mark.asyncio
async def test_bytes_are_kept_as_they_came_in_type_a(intake: Intake) -> None:
    async with await intake.talk() as talk:
        await talk.say("TYPE A")
        body = b"pH\t7\n\r\nCOD\t1\r\r\n\x00\xff"
        await talk.send(f"STOR {NAME}", body)
        assert await talk.fetch(f"RETR {PLACE}") == body


@pytest.mark.asyncio
async def test_an_empty_file_is_a_file(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert (await talk.send(f"STOR {NAME}", b"")).startswith("226")
    assert intake.area.files == {PLACE: b""}


@pytest.mark.asyncio
async def test_a_large_file_comes_and_goes_whole(intake: Intake) -> None:
    body = os.urandom(1 << 20)
    async with await intake.talk() as talk:
        assert (await talk.send(f"STOR {NAME}", body)).startswith("226")
        assert await talk.fetch(f"RETR {PLACE}") == body


@pytest.mark.asyncio
async def test_the_same_name_twice_is_taken_twice(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert "stored" in await talk.send(f"STOR {NAME}", BODY)
        assert "duplicate" in await talk.send(f"STOR {NAME}", BODY)
        assert "stored" in await talk.send(f"STOR {NAME}", BODY + b"more")
    assert intake.area.versions[PLACE] == [BODY, BODY + b"more"]


@pytest.mark.asyncio
async def test_append_stores_the_old_bytes_and_the_new(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert (await talk.send(f"APPE {NAME}", BODY[:20])).startswith("226")
        assert (await talk.send(f"APPE {NAME}", BODY[20:])).startswith("226")
    assert intake.area.files == {PLACE: BODY}


@pytest.mark.asyncio
async def test_restart_keeps_the_first_bytes(intake: Intake) -> None:
    async with await intake.talk() as talk:
        await talk.send(f"STOR {NAME}.tmp", BODY[:20] + b"torn")
        assert await talk.code("REST 20") == 350
        assert (await talk.send(f"STOR {NAME}.tmp", BODY[20:])).startswith("226")
        assert await talk.code("REST 10") == 350
        assert await talk.fetch(f"RETR {NAME}.tmp") == BODY[10:]
    assert intake.area.files == {f"/{NAME}.tmp": BODY}


@pytest.mark.asyncio
async def test_restart_behind_the_end_is_refused(intake: Intake) -> None:
    async with await intake.talk() as talk:
        await talk.send(f"STOR {NAME}.tmp", BODY)
        await talk.say("REST 9999")
        assert await talk.code(f"STOR {NAME}.tmp") == 554


@pytest.mark.asyncio
async def test_a_temporary_file_becomes_an_upload_when_it_is_renamed(intake: Intake) -> None:
    async with await intake.talk() as talk:
        await talk.send(f"STOR {NAME}.tmp", BODY)
        assert await talk.code(f"RNFR {NAME}.tmp") == 350
        assert await talk.say(f"RNTO {NAME}") == f"250 stored {NAME}, {len(BODY)} bytes"
        assert await talk.code(f"RNFR {NAME}.tmp") == 550
    assert intake.area.files == {PLACE: BODY}


@pytest.mark.asyncio
async def test_an_upload_over_the_limit_is_refused_while_it_comes(options: FtpOptions) -> None:
    async with open_intake(replace(options, max_upload_bytes=1000)) as intake, await intake.talk() as talk:
        _, data = await talk.begin(f"STOR {NAME}")
        data.write(b"x" * 1001)
        assert (await talk.reply()).startswith("552")
        data.close()
        assert intake.area.files == {}
        assert await talk.code("NOOP") == 200


@pytest.mark.asyncio
async def test_a_full_disk_asks_for_another_try(options: FtpOptions) -> None:
    async with open_intake(options, MemoryArea(capacity_bytes=10)) as intake, await intake.talk() as talk:
        assert (await talk.send(f"STOR {NAME}", BODY)).startswith("452")
        assert await talk.code("NOOP") == 200


@pytest.mark.asyncio
async def test_an_unreadable_file_is_refused_with_its_reason(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert await talk.send(f"STOR {NAME}", b"unreadable") == "553 line 1: not a station file"
        assert intake.listener.statistics()["refused"] == 1


@pytest.mark.asyncio
async def test_a_file_of_no_station_is_refused(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert (await talk.send("STOR ELSEWHERE_20260325000500.txt", BODY)).startswith("553")


@pytest.mark.asyncio
async def test_a_file_without_a_name_is_refused(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert await talk.code("STOR /") == 553
        assert await talk.code("STOR TB_A/") == 553


@pytest.mark.asyncio
async def test_abor_breaks_an_upload_off_and_the_session_goes_on(intake: Intake) -> None:
    async with await intake.talk() as talk:
        _, data = await talk.begin(f"STOR {NAME}")
        data.write(BODY[:30])
        await data.drain()
        await asyncio.sleep(0.05)
        assert (await talk.say(b"\xff\xf4\xff\xf2ABOR")).startswith("426")
        assert (await talk.reply()).startswith("226")
        data.close()
        assert await talk.code("NOOP") == 200
    assert (intake.area.files, intake.area.broken) == ({}, [(f"/{NAME}", BODY[:30])])


@pytest.mark.asyncio
async def test_abor_before_the_data_connection_is_made_ends_the_waiting(intake: Intake) -> None:
    async with await intake.talk() as talk:
        await talk.say("EPSV")
        assert (await talk.say(f"STOR {NAME}")).startswith("150")
        assert (await talk.say("ABOR")).startswith("426")
        assert (await talk.reply()).startswith("226")
    assert intake.area.broken == []


@pytest.mark.asyncio
async def test_a_lost_control_connection_keeps_the_upload_apart(intake: Intake) -> None:
    talk = await intake.talk()
    _, data = await talk.begin(f"STOR {NAME}")
    data.write(BODY[:30])
    await data.drain()
    await asyncio.sleep(0.05)
    talk.writer.close()
    await until(lambda: intake.area.broken)
    data.close()
    assert (intake.area.files, intake.area.broken) == ({}, [(f"/{NAME}", BODY[:30])])


@pytest.mark.asyncio
async def test_a_reset_data_connection_keeps_the_upload_apart(intake: Intake) -> None:
    async with await intake.talk() as talk:
        _, data = await talk.begin(f"STOR {NAME}")
        data.write(BODY[:30])
        await data.drain()
        await asyncio.sleep(0.05)
        connection = data.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        data.transport.abort()
        assert (await talk.reply()).startswith("426")
    assert (intake.area.files, intake.area.broken) == ({}, [(f"/{NAME}", BODY[:30])])


@pytest.mark.asyncio
async def test_a_silent_data_connection_is_broken_off(options: FtpOptions) -> None:
    async with open_intake(replace(options, data_s=0.2)) as intake, await intake.talk() as talk:
        _, data = await talk.begin(f"STOR {NAME}")
        data.write(BODY[:30])
        assert (await talk.reply()).startswith("426")
        data.close()
        assert intake.area.broken == [(f"/{NAME}", BODY[:30])]


@pytest.mark.asyncio
async def test_a_data_connection_that_never_comes_is_given_up(options: FtpOptions) -> None:
    async with open_intake(replace(options, data_s=0.2)) as intake, await intake.talk() as talk:
        await talk.say("EPSV")
        assert (await talk.say(f"STOR {NAME}")).startswith("150")
        assert (await talk.reply()).startswith("425")


KILLED_CLIENT = """
import ftplib, sys, time
ftp = ftplib.FTP()
ftp.connect("127.0.0.1", int(sys.argv[1]))
ftp.login(sys.argv[2], sys.argv[3])
data = ftp.transfercmd("STOR " + sys.argv[4])
data.sendall(b"half")
print("sent", flush=True)
time.sleep(30)
"""


def _has_broken(intake: Intake, count: int) -> bool:
    return len(intake.area.broken) == count


@pytest.mark.asyncio
async def test_the_file_of_a_client_that_is_killed_is_never_taken_for_whole(intake: Intake) -> None:
    for number in range(1, 4):
        arguments = ("-c", KILLED_CLIENT, str(intake.port), USERNAME, PASSWORD, NAME)
        client = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
        assert client.stdout is not None
        assert await client.stdout.readline() == b"sent\n"
        client.send_signal(signal.SIGKILL)
        await client.wait()
        await until(partial(_has_broken, intake, number))
    assert (intake.area.files, intake.area.broken) == ({}, [(f"/{NAME}", b"half")] * 3)


@pytest.mark.asyncio
async def test_a_logger_that_makes_its_folders_itself_is_served_also_where_they_exist(intake: Intake) -> None:
    async with await intake.talk() as talk:
        for _ in range(2):
            await talk.say("CWD /TB_A")
            for folder, made in (("2026", 257), ("03", 257), ("25", 257)):
                known = await talk.fetch("NLST")
                code = await talk.code(f"MKD {folder}")
                assert code == (550 if folder.encode() in known.split() else made)
                assert await talk.code(f"CWD {folder}") == 250
            assert (await talk.send(f"STOR {NAME}", BODY)).startswith("226")
    assert intake.area.files == {PLACE: BODY}


async def _with_a_file(intake: Intake) -> Talk:
    talk = await intake.talk()
    await talk.send(f"STOR {NAME}", BODY)
    return talk


@pytest.mark.asyncio
async def test_listings_ignore_switches_and_take_patterns(intake: Intake) -> None:
    async with await _with_a_file(intake) as talk:
        await talk.say("CWD /TB_A/2026/03/25")
        for line in ("NLST", "NLST -a", "NLST *.txt", "NLST /TB_A/2026/03/25", f"NLST {NAME}"):
            assert await talk.fetch(line) == f"{NAME}\r\n".encode(), line
        listed = await talk.fetch("LIST -la")
        assert listed.startswith(b"-rw-r--r-- 1 ")
        assert listed.endswith(f"{NAME}\r\n".encode())
        assert await talk.fetch("NLST *.csv") == b""


@pytest.mark.asyncio
async def test_facts_tell_folders_from_files(intake: Intake) -> None:
    async with await _with_a_file(intake) as talk:
        assert b"type=dir;" in await talk.fetch("MLSD /")
        facts = await talk.fetch("MLSD /TB_A/2026/03/25")
        assert f"type=file;size={len(BODY)};".encode() in facts
        assert f"size={len(BODY)};" in await talk.say(f"MLST {PLACE}")
        assert await talk.code(f"MLSD {PLACE}") == 501


@pytest.mark.asyncio
@pytest.mark.parametrize("line", ["LIST /none", "NLST /none", "MLSD /none", "RETR none", "CWD none", "SIZE none"])
async def test_what_is_not_there_is_said_before_any_data_connection(intake: Intake, line: str) -> None:
    async with await intake.talk() as talk:
        assert await talk.code(line) == 550


@pytest.mark.asyncio
async def test_size_and_time_of_a_file(intake: Intake) -> None:
    async with await _with_a_file(intake) as talk:
        assert await talk.say(f"SIZE {PLACE}") == f"213 {len(BODY)}"
        assert await talk.say(f"MDTM {PLACE}") == "213 20260320094640"
        assert await talk.code("SIZE /TB_A") == 550


@pytest.mark.asyncio
async def test_walking_through_folders(intake: Intake) -> None:
    async with await _with_a_file(intake) as talk:
        assert await talk.say("CWD TB_A\\2026//03") == '250 now in "/TB_A/2026/03"'
        assert await talk.say("CDUP") == '250 now in "/TB_A/2026"'
        assert await talk.code("CWD ../../../..") == 250
        assert await talk.say("PWD") == '257 "/"'
        assert await talk.code(f"CWD {PLACE}") == 550


@pytest.mark.asyncio
async def test_kept_files_stay_and_temporary_ones_go(intake: Intake) -> None:
    async with await _with_a_file(intake) as talk:
        assert await talk.code(f"DELE {PLACE}") == 550
        await talk.send(f"STOR {NAME}.part", BODY)
        assert await talk.code(f"DELE {NAME}.part") == 250
        assert await talk.code("MKD /TB_A/spare") == 257
        assert await talk.code("RMD /TB_A/spare") == 250
    assert intake.area.files == {PLACE: BODY}


@pytest.mark.asyncio
async def test_a_name_that_is_not_utf_8_is_taken_as_latin(intake: Intake) -> None:
    async with await intake.talk() as talk:
        assert await talk.code(b"MKD /TB_A/\xe9") == 257
    assert intake.area.folders == {"/TB_A/é"}
