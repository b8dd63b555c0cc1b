"""FTP over TLS: upgrading, protection of data connections, and what was typed too early."""

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from protocols.ftp.listener import FtpListener, FtpOptions
from tests.protocols.ftp.intake import BODY, NAME, PLACE, Intake, open_intake
from tests.protocols.memory_area import MemoryArea, MemoryAuthenticator


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@pytest.mark.asyncio
async def test_a_login_over_tls_with_plain_data_works_where_tls_is_not_required(
    intake: Intake, trusting: ssl.SSLContext
) -> None:
    async with await intake.talk(login=False) as talk:
        trusting.check_hostname = False
        await talk.start_tls(trusting)
        await talk.login()
        assert await talk.code("PBSZ 0") == 200
        assert await talk.code("PROT C") == 200
        assert (await talk.send(f"STOR {NAME}", BODY)).startswith("226")
        (view,) = intake.listener.sessions()
        assert view.secure


@pytest.mark.asyncio
async def test_where_tls_is_required_nothing_goes_without(options: FtpOptions, trusting: ssl.SSLContext) -> None:
    trusting.check_hostname = False
    async with open_intake(replace(options, require_tls=True)) as intake:
        async with await intake.talk(login=False) as talk:
            assert await talk.code("USER tb_a") == 534
            assert await talk.code("PASS x") == 534
            await talk.start_tls(trusting)
            await talk.login()
            await talk.say("EPSV")
            assert await talk.code(f"STOR {NAME}") == 522
            await talk.say("PBSZ 0")
            assert await talk.code("PROT C") == 534
            assert await talk.code("PROT P") == 200
        assert intake.authenticator.asked == ["tb_a"]


@pytest.mark.asyncio
async def test_data_goes_over_tls_after_prot_p(intake: Intake, trusting: ssl.SSLContext) -> None:
    trusting.check_hostname = False
    async with await intake.talk(login=False) as talk:
        await talk.start_tls(trusting)
        await talk.login()
        await talk.say("PBSZ 0")
        await talk.say("PROT P")
        _, data = await talk.begin(f"STOR {NAME}")
        await data.start_tls(trusting)
        data.write(BODY)
        data.close()
        assert (await talk.reply()).startswith("226")
        reader, data = await talk.begin(f"RETR {PLACE}")
        await data.start_tls(trusting)
        assert await reader.read() == BODY
        data.close()
        assert (await talk.reply()).startswith("226")


@pytest.mark.asyncio
async def test_a_login_before_tls_does_not_count_after_it(intake: Intake, trusting: ssl.SSLContext) -> None:
    trusting.check_hostname = False
    async with await intake.talk() as talk:
        await talk.start_tls(trusting)
        assert await talk.code("PWD") == 530
        assert await talk.code("AUTH TLS") == 503


@pytest.mark.asyncio
async def test_a_command_slipped_in_before_tls_is_never_obeyed(intake: Intake) -> None:
    async with await intake.talk(login=False) as talk:
        talk.writer.write(b"AUTH TLS\r\nUSER tb_a\r\nPASS song-hong\r\n")
        assert (await talk.reply()).startswith("234")
        talk.writer.write(b"NOOP\r\n")
        assert b"331" not in await talk.reader.read()
    assert intake.authenticator.asked == []


@pytest.mark.asyncio
async def test_a_handshake_that_is_garbage_ends_its_session_only(intake: Intake) -> None:
    async with await intake.talk(login=False) as talk:
        assert await talk.code("AUTH TLS") == 234
        talk.writer.write(b"\x16\x03\x01garbage, no handshake at all" * 10)
        await talk.reader.read()
    async with await intake.talk() as talk:
        assert await talk.code("NOOP") == 200


@pytest.mark.asyncio
async def test_a_data_handshake_that_is_garbage_is_no_upload(intake: Intake, trusting: ssl.SSLContext) -> None:
    trusting.check_hostname = False
    async with await intake.talk(login=False) as talk:
        await talk.start_tls(trusting)
        await talk.login()
        await talk.say("PBSZ 0")
        await talk.say("PROT P")
        _, data = await talk.begin(f"STOR {NAME}")
        data.write(BODY)
        assert (await talk.reply()).startswith("425")
        data.close()
    assert (intake.area.files, intake.area.broken) == ({}, [])


@pytest.mark.asyncio
async def test_other_mechanisms_are_refused(intake: Intake) -> None:
    async with await intake.talk(login=False) as talk:
        assert await talk.code("AUTH GSSAPI") == 504


@pytest.mark.asyncio
async def test_requiring_tls_without_a_certificate_does_not_start() -> None:
    listener = FtpListener(FtpOptions(port=0, require_tls=True), MemoryAuthenticator({}, {}), MemoryArea())
    with pytest.raises(ValueError, match="certificate"):
        await listener.start()


@pytest.mark.asyncio
async def test_a_certificate_that_cannot_be_read_does_not_start(tmp_path: Path) -> None:
    options = FtpOptions(port=0, tls_certificate=str(tmp_path / "none.pem"))
    listener = FtpListener(options, MemoryAuthenticator({}, {}), MemoryArea())
    with pytest.raises(OSError):
        await asyncio.wait_for(listener.start(), 5)
