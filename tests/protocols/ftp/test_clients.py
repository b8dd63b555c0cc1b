"""Clients as they are in the field: lftp, curl, ncftp, Python's ftplib, and FileZilla's way of talking."""

import asyncio
import ftplib
import io
import shutil
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.protocols.ftp.intake import BODY, NAME, PASSWORD, PLACE, USERNAME, Intake

SECOND_NAME = "TB_B_20260325001000.txt"
SECOND_PLACE = f"/TB_B/2026/03/25/{SECOND_NAME}"
LFTP_SETTINGS = "set cmd:fail-exit yes; set net:max-retries 1; set net:timeout 10; set ssl:verify-certificate no; "


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


async def run(*command: str, home: Path) -> str:
    """Run a client to its end; its output where it succeeds."""
    client = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    async with asyncio.timeout(15):
        output, _ = await client.communicate()
    assert client.returncode == 0, output.decode()
    return output.decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(BODY)
    return path


def lftp(intake: Intake, script: str, *, tls: bool = False) -> tuple[str, ...]:
    secure = "set ftp:ssl-force yes; set ftp:ssl-protect-data yes; " if tls else "set ftp:ssl-allow no; "
    login = f"open -u {USERNAME},{PASSWORD} ftp://127.0.0.1:{intake.port}; "
    return ("lftp", "-c", LFTP_SETTINGS + secure + login + script)


@needs("lftp")
@pytest.mark.asyncio
@pytest.mark.parametrize("tls", [False, True])
async def test_lftp_puts_lists_and_gets(intake: Intake, file: Path, tmp_path: Path, tls: bool) -> None:
    script = f"put {file}; cls -1 {PLACE}; get {PLACE} -o {tmp_path}/back.txt"
    listed = await run(*lftp(intake, script, tls=tls), home=tmp_path)
    assert NAME in listed
    assert (tmp_path / "back.txt").read_bytes() == BODY
    assert intake.area.files == {PLACE: BODY}


@needs("lftp")
@pytest.mark.asyncio
@pytest.mark.parametrize("tls", [False, True])
async def test_lftp_mirrors_a_tree_of_days(intake: Intake, tmp_path: Path, tls: bool) -> None:
    day = tmp_path / "tree" / "2026" / "03" / "25"
    day.mkdir(parents=True)
    (day / NAME).write_bytes(BODY)
    (day / "TB_A_20260325001000.txt").write_bytes(BODY)
    script = f"mirror -R --no-perms {tmp_path}/tree /TB_A"
    await run(*lftp(intake, script, tls=tls), home=tmp_path)
    assert sorted(intake.area.files) == [PLACE, "/TB_A/2026/03/25/TB_A_20260325001000.txt"]
    await run(*lftp(intake, f"mirror /TB_A {tmp_path}/copy", tls=tls), home=tmp_path)
    assert (tmp_path / "copy" / "2026" / "03" / "25" / NAME).read_bytes() == BODY


@needs("lftp")
@pytest.mark.asyncio
async def test_lftp_uploads_under_a_temporary_name(intake: Intake, file: Path, tmp_path: Path) -> None:
    script = f"set xfer:use-temp-file yes; set xfer:temp-file-name *.part; put {file}"
    await run(*lftp(intake, script), home=tmp_path)
    assert intake.area.files == {PLACE: BODY}


@needs("lftp")
@pytest.mark.asyncio
async def test_lftp_in_active_mode(intake: Intake, file: Path, tmp_path: Path) -> None:
    await run(*lftp(intake, f"set ftp:passive-mode no; put {file}"), home=tmp_path)
    assert intake.area.files == {PLACE: BODY}


@needs("curl")
@pytest.mark.asyncio
@pytest.mark.parametrize("extra", [(), ("--ssl-reqd", "--insecure"), ("--disable-epsv",), ("--ftp-port", "-")])
async def test_curl_uploads(intake: Intake, file: Path, tmp_path: Path, extra: tuple[str, ...]) -> None:
    url = f"ftp://127.0.0.1:{intake.port}/TB_A/"
    await run("curl", "-sS", "-T", str(file), "-u", f"{USERNAME}:{PASSWORD}", *extra, url, home=tmp_path)
    assert intake.area.files == {PLACE: BODY}


@needs("curl")
@pytest.mark.asyncio
async def test_curl_makes_folders_and_renames_after_the_upload(intake: Intake, file: Path, tmp_path: Path) -> None:
    url = f"ftp://127.0.0.1:{intake.port}/TB_A/2026/03/25/{NAME}.tmp"
    rename = ("-Q", f"-RNFR {NAME}.tmp", "-Q", f"-RNTO {NAME}")
    login = ("-u", f"{USERNAME}:{PASSWORD}")
    await run("curl", "-sS", "--ftp-create-dirs", "-T", str(file), *login, *rename, url, home=tmp_path)
    assert intake.area.files == {PLACE: BODY}


@needs("curl")
@pytest.mark.asyncio
async def test_curl_goes_on_where_an_upload_broke_off(intake: Intake, file: Path, tmp_path: Path) -> None:
    intake.area.files[f"/{NAME}.part"] = BODY[:25]
    url = f"ftp://127.0.0.1:{intake.port}/{NAME}.part"
    await run("curl", "-sS", "-C", "-", "-T", str(file), "-u", f"{USERNAME}:{PASSWORD}", url, home=tmp_path)
    assert intake.area.files == {f"/{NAME}.part": BODY}


@needs("ncftpput")
@pytest.mark.asyncio
@pytest.mark.parametrize("extra", [(), ("-m",), ("-T", "tmp."), ("-E",)])
async def test_ncftpput_uploads(intake: Intake, file: Path, tmp_path: Path, extra: tuple[str, ...]) -> None:
    login = ("-u", USERNAME, "-p", PASSWORD, "-P", str(intake.port))
    await run("ncftpput", *login, "-t", "10", *extra, "127.0.0.1", "/TB_A", str(file), home=tmp_path)
    assert intake.area.files[PLACE] == BODY


def _passive(ftp: ftplib.FTP) -> None:
    ftp.set_pasv(True)


def _active(ftp: ftplib.FTP) -> None:
    ftp.set_pasv(False)


def _extended(ftp: ftplib.FTP) -> None:
    ftp.af = 10
    ftp.makepasv = lambda: ("127.0.0.1", int(ftp.sendcmd("EPSV").split("|")[3]))  # type: ignore[method-assign]


@pytest.mark.asyncio
@pytest.mark.parametrize("way", [_passive, _active, _extended])
async def test_ftplib_uploads_either_way(intake: Intake, way: Callable[[ftplib.FTP], None]) -> None:
    def session() -> list[str]:
        with ftplib.FTP() as ftp:
            ftp.connect("127.0.0.1", intake.port, 10)
            ftp.login(USERNAME, PASSWORD)
            way(ftp)
            ftp.cwd("TB_A")
            ftp.storbinary(f"STOR {NAME}", io.BytesIO(BODY))
            return ftp.nlst("2026/03/25")

    assert await asyncio.to_thread(session) == [NAME]
    assert intake.area.files == {PLACE: BODY}


@pytest.mark.asyncio
async def test_ftplib_breaks_off_with_urgent_data(intake: Intake) -> None:
    def session() -> str:
        with ftplib.FTP() as ftp:
            ftp.connect("127.0.0.1", intake.port, 10)
            ftp.login(USERNAME, PASSWORD)
            data = ftp.transfercmd(f"STOR {NAME}")
            data.sendall(BODY[:20])
            answer = ftp.abort()
            data.close()
            ftp.voidresp()
            return answer

    assert (await asyncio.to_thread(session)).startswith("426")
    assert intake.area.files == {}


@pytest.mark.asyncio
async def test_ftplib_over_tls_with_two_files_in_one_session(intake: Intake, certificate: Path) -> None:
    def session() -> None:
        with ftplib.FTP_TLS(context=ssl.create_default_context(cafile=str(certificate))) as ftp:
            ftp.connect("localhost", intake.port, 10)
            ftp.login(USERNAME, PASSWORD)
            ftp.prot_p()
            ftp.storbinary(f"STOR {NAME}", io.BytesIO(BODY))
            ftp.storbinary(f"STOR {SECOND_NAME}", io.BytesIO(BODY))

    await asyncio.to_thread(session)
    assert intake.area.files == {PLACE: BODY, SECOND_PLACE: BODY}


@pytest.mark.asyncio
async def test_a_session_in_filezillas_manner(intake: Intake, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    async with await intake.talk(login=False) as talk:
        await talk.start_tls(context)
        await talk.login()
        for line, code in (
            ("SYST", 215), ("FEAT", 211), ("OPTS UTF8 ON", 200), ("PBSZ 0", 200), ("PROT P", 200),
            ("OPTS MLST type;size;modify;perm;", 200), ("PWD", 257), ("TYPE I", 200),
        ):  # fmt: skip
            assert await talk.code(line) == code, line
        reader, data = await talk.begin("MLSD")
        await data.start_tls(context)
        assert b" TB_A\r\n" in await reader.read()
        data.close()
        assert (await talk.reply()).startswith("226")
        _, data = await talk.begin(f"STOR {NAME}")
        await data.start_tls(context)
        data.write(BODY)
        data.close()
        assert (await talk.reply()).startswith("226")
    assert intake.area.files == {PLACE: BODY}
