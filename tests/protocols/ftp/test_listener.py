"""Logging in, the small verbs, limits, and closing in order."""

import asyncio
from dataclasses import replace

import pytest

from protocols.ftp.listener import FtpOptions
from protocols.ftp.verbs import VERBS
from tests.protocols.ftp.intake import BODY, NAME, PASSWORD, USERNAME, Intake, open_intake, until

CONTRACT = """
USER PASS AUTH PBSZ PROT PASV EPSV PORT EPRT TYPE MODE STRU STOR APPE REST RETR LIST NLST MLSD MLST CWD
CDUP PWD MKD RMD DELE RNFR RNTO SIZE MDTM FEAT OPTS NOOP STAT SYST HELP ALLO ABOR QUIT
"""


def test_every_verb_of_the_contract_is_there() -> None:
    assert set(CONTRACT.split()) <= set(VERBS)


@pytest.mark.asyncio
async def test_a_wrong_password_is_refused_and_the_third_time_ends_the_session(intake: Intake) -> None:
    async with await intake.talk(login=False) as talk:
        codes = []
        for _ in range(3):
            await talk.say(f"USER {USERNAME}")
            codes.append(await talk.code("PASS wrong"))
        assert codes == [530, 530, 421]
        assert await talk.reply() == ""
    assert intake.listener.statistics()["refused_logins"] == 3


@pytest.mark.asyncio
async def test_anonymous_is_never_even_asked_about(intake: Intake) -> None:
    intake.authenticator.passwords["anonymous"] = "guest"
    async with await intake.talk(login=False) as talk:
        assert await talk.code("USER anonymous") == 331
        assert await talk.code("PASS guest") == 530
    assert intake.authenticator.asked == []


@pytest.mark.asyncio
async def test_a_blocked_address_is_turned_away_at_the_door(intake: Intake) -> None:
    intake.authenticator.blocked.add("127.0.0.1")
    reader, writer = await asyncio.open_connection("127.0.0.1", intake.port)
    assert (await reader.read()).startswith(b"421 ")
    writer.close()


@pytest.mark.asyncio
async def test_before_the_login_only_public_verbs_are_answered(intake: Intake) -> None:
    async with await intake.talk(login=False) as talk:
        guarded = [name for name, verb in VERBS.items() if not verb.public]
        assert "STOR" in guarded
        assert {name: await talk.code(f"{name} x") for name in guarded} == dict.fromkeys(guarded, 530)


@pytest.mark.asyncio
async def test_a_password_keeps_its_blanks(intake: Intake) -> None:
    intake.authenticator.passwords[USERNAME] = " two words "
    async with await intake.talk(login=False) as talk:
        await talk.say(f"USER {USERNAME}")
        assert await talk.code("PASS  two words ") == 230


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("SYST", 215),
        ("NOOP", 200),
        ("noop", 200),
        ("HELP", 214),
        ("HELP STOR", 214),
        ("HELP FLY", 502),
        ("STAT", 211),
        ("STAT /", 213),
        ("TYPE I", 200),
        ("TYPE A", 200),
        ("TYPE A N", 200),
        ("TYPE L 8", 200),
        ("TYPE E", 504),
        ("MODE S", 200),
        ("MODE Z", 504),
        ("STRU F", 200),
        ("STRU R", 504),
        ("ALLO 100", 202),
        ("OPTS UTF8 ON", 200),
        ("OPTS MLST type;size;", 200),
        ("OPTS FLY", 501),
        ("REST 10", 350),
        ("REST ten", 501),
        ("PBSZ 0", 503),
        ("PROT P", 503),
        ("ABOR", 226),
        ("STOR", 501),
        ("FLY", 500),
        ("", 500),
        ("RNTO b", 503),
        ("STOR a", 425),
    ],
)
async def test_a_small_verb_has_its_code(intake: Intake, line: str, code: int) -> None:
    async with await intake.talk() as talk:
        assert await talk.code(line) == code


@pytest.mark.asyncio
async def test_features_name_tls_only_where_there_is_a_certificate(intake: Intake) -> None:
    async with await intake.talk(login=False) as talk:
        assert " AUTH TLS" in await talk.say("FEAT")
    async with open_intake(FtpOptions(port=0, passive_ports=(0, 0))) as plain, await plain.talk() as talk:
        features = await talk.say("FEAT")
        assert "AUTH" not in features
        assert " UTF8" in features
        assert await talk.code("AUTH TLS") == 502


@pytest.mark.asyncio
async def test_who_says_nothing_of_use_is_closed_when_the_time_for_logging_in_is_over(options: FtpOptions) -> None:
    async with open_intake(replace(options, login_s=0.3)) as intake, await intake.talk(login=False) as talk:
        for _ in range(3):
            await talk.say("NOOP")
        assert (await talk.reply()).startswith("421")
        assert await talk.reply() == ""


@pytest.mark.asyncio
async def test_letters_that_never_become_a_line_do_not_keep_a_session(options: FtpOptions) -> None:
    async with open_intake(replace(options, idle_s=0.3)) as intake, await intake.talk() as talk:
        deadline = asyncio.get_running_loop().time() + 5
        while intake.listener.statistics()["open"]:
            assert asyncio.get_running_loop().time() < deadline
            talk.writer.write(b"N")
            await asyncio.sleep(0.05)
        assert intake.listener.statistics()["timeouts"] == 1


@pytest.mark.asyncio
async def test_a_session_too_many_from_one_address_is_turned_away(options: FtpOptions) -> None:
    async with open_intake(replace(options, max_sessions_per_address=2)) as intake:
        first, second = await intake.talk(), await intake.talk()
        reader, writer = await asyncio.open_connection("127.0.0.1", intake.port)
        assert (await reader.read()).startswith(b"421 ")
        writer.close()
        await first.say("QUIT")
        await until(lambda: intake.listener.statistics()["open"] == 1)
        async with await intake.talk() as third:
            assert await third.code("NOOP") == 200
        second.writer.close()
        first.writer.close()


@pytest.mark.asyncio
async def test_a_session_too_many_in_all_is_turned_away(options: FtpOptions) -> None:
    async with open_intake(replace(options, max_sessions=1)) as intake, await intake.talk():
        reader, writer = await asyncio.open_connection("127.0.0.1", intake.port)
        assert (await reader.read()).startswith(b"421 ")
        writer.close()
        assert intake.listener.statistics()["turned_away"] == 1


@pytest.mark.asyncio
async def test_pipelined_lines_are_answered_in_order(intake: Intake) -> None:
    async with await intake.talk(login=False) as talk:
        talk.writer.write(f"USER {USERNAME}\r\nPASS {PASSWORD}\nPWD\r\nNOOP\r\nQUIT\r\n".encode())
        assert [(await talk.reply())[:3] for _ in range(5)] == ["331", "230", "257", "200", "221"]


@pytest.mark.asyncio
async def test_a_client_that_talks_before_the_greeting_is_heard(intake: Intake) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", intake.port)
    writer.write(b"NOOP\r\nQUIT\r\n")
    answers = (await reader.read()).split(b"\r\n")
    assert [answer[:3] for answer in answers] == [b"220", b"200", b"221", b""]
    writer.close()


@pytest.mark.asyncio
async def test_sessions_show_who_does_what(intake: Intake) -> None:
    async with await intake.talk() as talk:
        await talk.send(f"STOR {NAME}", BODY)
        (view,) = intake.listener.sessions()
        assert (view.username, view.address, view.files) == (USERNAME, "127.0.0.1", 1)
        assert view.activity == f"STOR {NAME}"


@pytest.mark.asyncio
async def test_a_password_is_never_shown_as_activity(intake: Intake) -> None:
    async with await intake.talk():
        (view,) = intake.listener.sessions()
        assert PASSWORD not in view.activity


@pytest.mark.asyncio
async def test_closing_lets_a_running_upload_end(options: FtpOptions) -> None:
    async with open_intake(options) as intake:
        idle, busy = await intake.talk(), await intake.talk()
        _, data = await busy.begin(f"STOR {NAME}")
        closing = asyncio.create_task(intake.listener.close(5.0))
        assert (await idle.reply()).startswith("421")
        data.write(BODY)
        data.close()
        assert (await busy.reply()).startswith("226")
        await closing
        assert intake.area.files
        idle.writer.close()
        busy.writer.close()


@pytest.mark.asyncio
async def test_closing_breaks_an_endless_upload_off_when_its_time_is_over(options: FtpOptions) -> None:
    async with open_intake(options) as intake, await intake.talk() as talk:
        _, data = await talk.begin(f"STOR {NAME}")
        data.write(BODY)
        await data.drain()
        await intake.listener.close(0.2)
        assert intake.area.files == {}
        assert intake.area.broken == [(f"/{NAME}", BODY)]
        data.close()
