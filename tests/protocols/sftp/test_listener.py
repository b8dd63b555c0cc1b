"""The listener when things go wrong: broken uploads, full disks, too much, too many, and what it never does."""

import asyncio
import inspect
import stat
from pathlib import Path

import asyncssh
import pytest
from asyncssh import SFTPServer
from asyncssh.constants import FXF_CREAT, FXF_WRITE
from typing_extensions import override

from protocols.sftp.files import UploadFiles
from protocols.sftp.hostkey import load_host_keys
from protocols.uploads import Grant, Receipt
from tests.protocols.memory_area import MemoryArea
from tests.protocols.sftp.stations import BODY, CODE, NAME, PLACE, listening, until

THERE = f"/{CODE}/{NAME}"


async def connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


async def ended(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Read what the server says until it closes."""
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@pytest.mark.asyncio
async def test_the_close_status_waits_until_the_area_has_stored(tmp_path: Path) -> None:
    class SlowArea(MemoryArea):
        committed = asyncio.Event()

        @override
        async def store(self, grant: Grant, path: str, data: bytes) -> Receipt:
            await self.committed.wait()
            return await super().store(grant, path, data)

    area = SlowArea()
    async with listening(tmp_path, area) as here, here.connect() as conn, conn.start_sftp_client() as sftp:
        file = await sftp.open(THERE, "wb")
        await file.write(BODY)
        closing = asyncio.create_task(file.close())
        done, _ = await asyncio.wait({closing}, timeout=0.1)
        assert not done
        area.committed.set()
        await closing
        assert area.files == {PLACE: BODY}


@pytest.mark.asyncio
async def test_a_connection_that_dies_before_the_close_leaves_a_broken_upload(tmp_path: Path) -> None:
    async with listening(tmp_path) as here:
        async with here.connect() as conn:
            sftp = await conn.start_sftp_client()
            file = await sftp.open(THERE, "wb")
            await file.write(BODY[:10])
            conn.abort()
        await until(lambda: here.area.broken)
        assert here.area.broken == [(THERE, BODY[:10])]
        assert here.area.files == {}


@pytest.mark.asyncio
async def test_a_channel_that_ends_without_a_close_leaves_a_broken_upload(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn:
        sftp = await conn.start_sftp_client()
        file = await sftp.open(THERE, "wb")
        await file.write(BODY[:10])
        sftp.exit()
        await until(lambda: here.area.broken)
        assert here.area.broken == [(THERE, BODY[:10])]
        assert here.area.files == {}


@pytest.mark.asyncio
async def test_garbage_in_the_middle_of_an_upload_leaves_a_broken_upload(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn:
        writer, reader, _ = await conn.open_session(subsystem="sftp", encoding=None)
        path = THERE.encode()
        init = b"\0\0\0\5\1\0\0\0\3"
        opened = b"\3\0\0\0\1" + len(path).to_bytes(4, "big") + path + b"\0\0\0\x1a\0\0\0\0"
        written = b"\6\0\0\0\2\0\0\0\4\0\0\0\0" + bytes(8) + b"\0\0\0\4half"
        writer.write(init + b"".join(len(part).to_bytes(4, "big") + part for part in (opened, written)) + bytes(8))
        await asyncio.wait_for(reader.read(), 5)
        await until(lambda: here.area.broken)
        assert here.area.broken == [(THERE, b"half")]
        assert here.area.files == {}


@pytest.mark.asyncio
async def test_an_old_scp_copy_that_breaks_off_is_never_stored(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn:
        writer, reader, _ = await conn.open_session("scp -t /", encoding=None)
        writer.write(f"C0644 1000 {NAME}\n".encode() + BODY)
        assert await reader.readexactly(2) == b"\0\0"
        writer.write_eof()
        await until(lambda: here.area.broken)
        assert here.area.broken == [(f"/{NAME}", BODY)]
        assert here.area.files == {}


@pytest.mark.asyncio
async def test_a_short_disk_is_a_failure_that_says_try_again(tmp_path: Path) -> None:
    async with (
        listening(tmp_path, MemoryArea(capacity_bytes=4)) as here,
        here.connect() as conn,
        conn.start_sftp_client() as sftp,
    ):
        with pytest.raises(asyncssh.SFTPFailure, match="try again later"):
            async with sftp.open(THERE, "wb") as file:
                await file.write(BODY)


@pytest.mark.asyncio
async def test_a_refused_upload_is_permission_denied_with_the_reason(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn, conn.start_sftp_client() as sftp:
        with pytest.raises(asyncssh.SFTPPermissionDenied, match="not a station file"):
            async with sftp.open(THERE, "wb") as file:
                await file.write(b"unreadable")


@pytest.mark.asyncio
async def test_an_upload_over_the_limit_fails_and_is_not_stored(tmp_path: Path) -> None:
    async with (
        listening(tmp_path, max_upload_bytes=100) as here,
        here.connect() as conn,
        conn.start_sftp_client() as sftp,
    ):
        file = await sftp.open(THERE, "wb")
        await file.write(bytes(100))
        with pytest.raises(asyncssh.SFTPFailure, match="over the limit"):
            await file.write(b"x", 1 << 40)
        with pytest.raises(asyncssh.SFTPFailure, match="over the limit"):
            await file.close()
        assert here.area.files == {}


@pytest.mark.asyncio
async def test_an_upload_can_be_resumed_where_it_broke_off(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn, conn.start_sftp_client() as sftp:
        async with sftp.open(THERE + ".part", "wb") as file:
            await file.write(BODY[:10])
        async with sftp.open(THERE + ".part", FXF_WRITE | FXF_CREAT, encoding=None) as file:
            await file.write(BODY[10:], 10)
        await sftp.posix_rename(THERE + ".part", THERE)
        assert here.area.files == {PLACE: BODY}


@pytest.mark.asyncio
async def test_folders_are_made_listed_and_removed(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn, conn.start_sftp_client() as sftp:
        await sftp.mkdir(f"/{CODE}/2026")
        assert await sftp.isdir(f"/{CODE}/2026")
        assert sorted(await sftp.listdir(f"/{CODE}")) == [".", "..", "2026"]
        await sftp.rmdir(f"/{CODE}/2026")
        assert not await sftp.exists(f"/{CODE}/2026")


@pytest.mark.asyncio
async def test_a_missing_file_is_told_as_no_such_file(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn, conn.start_sftp_client() as sftp:
        with pytest.raises(asyncssh.SFTPNoSuchFile):
            await sftp.open("/nothing.txt", "rb")


@pytest.mark.parametrize("path", ["/../../etc/passwd", "../etc/passwd", "/a/../../etc/passwd", "..\\..\\etc\\passwd"])
@pytest.mark.asyncio
async def test_no_path_leaves_the_root(tmp_path: Path, path: str) -> None:
    async with listening(tmp_path) as here, here.connect() as conn, conn.start_sftp_client() as sftp:
        assert await sftp.realpath(path) == "/etc/passwd"
        with pytest.raises(asyncssh.SFTPNoSuchFile):
            await sftp.stat(path)


@pytest.mark.parametrize("command", [None, "id", "scp -t / ; id x", "scp -S id -t /", "scp"])
@pytest.mark.asyncio
async def test_shells_and_other_commands_are_refused(tmp_path: Path, command: str | None) -> None:
    async with listening(tmp_path) as here, here.connect() as conn:
        with pytest.raises(asyncssh.ChannelOpenError):
            await conn.open_session(command)


@pytest.mark.asyncio
async def test_forwarding_is_refused(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn:
        with pytest.raises(asyncssh.ChannelOpenError):
            await conn.open_connection("127.0.0.1", here.port)
        with pytest.raises(asyncssh.ChannelListenError):
            await conn.forward_remote_port("127.0.0.1", 0, "127.0.0.1", here.port)


@pytest.mark.asyncio
async def test_links_and_the_disk_are_not_offered(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn, conn.start_sftp_client() as sftp:
        with pytest.raises(asyncssh.SFTPOpUnsupported):
            await sftp.symlink("/etc/passwd", "/x")
        with pytest.raises(asyncssh.SFTPOpUnsupported):
            await sftp.statvfs("/")


@pytest.mark.asyncio
async def test_a_client_that_says_nothing_is_cut_off_after_the_login_time(tmp_path: Path) -> None:
    async with listening(tmp_path, login_s=0.2) as here:
        reader, writer = await connected(here.port)
        assert (await ended(reader, writer)).startswith(b"SSH-2.0-")
        assert here.listener.statistics()["connections"] == 0


@pytest.mark.parametrize("garbage", [b"\0" * 5000, b"GET / HTTP/1.1\r\n\r\n" * 200, b"SSH-2.0-x\r\n" + b"\xff" * 5000])
@pytest.mark.asyncio
async def test_garbage_at_the_door_harms_nobody_else(tmp_path: Path, garbage: bytes) -> None:
    async with listening(tmp_path, login_s=1) as here:
        reader, writer = await connected(here.port)
        writer.write(garbage)
        await ended(reader, writer)
        async with here.connect() as conn, conn.start_sftp_client() as sftp:
            assert await sftp.isdir("/")


@pytest.mark.asyncio
async def test_an_idle_session_is_shown_out(tmp_path: Path) -> None:
    async with listening(tmp_path, idle_s=0.2) as here, here.connect() as conn:
        await asyncio.wait_for(conn.wait_closed(), 5)
        assert here.listener.sessions() == []


@pytest.mark.asyncio
async def test_an_address_that_is_throttled_is_turned_away_at_once(tmp_path: Path) -> None:
    async with listening(tmp_path) as here:
        here.accounts.blocked.add("127.0.0.1")
        assert await ended(*await connected(here.port)) in (b"", b"SSH-2.0-Trambox\r\n")
        assert here.listener.statistics()["turned_away"] == 1


@pytest.mark.asyncio
async def test_connections_over_the_limit_are_turned_away(tmp_path: Path) -> None:
    async with listening(tmp_path, max_sessions_per_address=1) as here, here.connect() as conn:
        await ended(*await connected(here.port))
        assert here.listener.statistics()["turned_away"] == 1
        async with conn.start_sftp_client() as sftp:
            assert await sftp.isdir("/")


@pytest.mark.asyncio
async def test_a_guesser_is_disconnected_after_a_few_passwords(tmp_path: Path) -> None:
    class Guesser(asyncssh.SSHClient):
        guesses = 0

        @override
        def password_auth_requested(self) -> str:
            self.guesses += 1
            return f"guess {self.guesses}"

    guesser = Guesser()
    async with listening(tmp_path) as here:
        with pytest.raises(asyncssh.DisconnectError):
            async with here.connect(password=None, client_factory=lambda: guesser, preferred_auth="password"):
                pass
        assert 1 < guesser.guesses <= 10
        assert here.listener.sessions() == []


@pytest.mark.asyncio
async def test_too_many_open_handles_are_refused_and_the_session_goes_on(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn, conn.start_sftp_client() as sftp:
        files = [await sftp.open(f"{THERE}.{number}.tmp", "wb") for number in range(16)]
        with pytest.raises(asyncssh.SFTPFailure, match="too many"):
            await sftp.open(f"{THERE}.tmp", "wb")
        for file in files:
            await file.close()
        assert len(here.area.files) == 16


@pytest.mark.asyncio
async def test_closing_lets_an_open_upload_end(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn:
        sftp = await conn.start_sftp_client()
        file = await sftp.open(THERE, "wb")
        closing = asyncio.create_task(here.listener.close(5))
        await file.write(BODY)
        await file.close()
        await asyncio.wait_for(closing, 5)
        assert here.area.files == {PLACE: BODY}
        with pytest.raises(OSError):
            await connected(here.port)


@pytest.mark.asyncio
async def test_closing_keeps_apart_an_upload_that_does_not_end(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn:
        sftp = await conn.start_sftp_client()
        file = await sftp.open(THERE, "wb")
        await file.write(BODY)
        await here.listener.close(0.05)
        assert here.area.broken == [(THERE, BODY)]


@pytest.mark.asyncio
async def test_the_host_keys_are_made_once_private_and_kept(tmp_path: Path) -> None:
    made = [key.get_fingerprint("sha256") for key in load_host_keys(tmp_path / "host_key")]
    async with listening(tmp_path) as here:
        assert here.listener.fingerprint == made[0]
    assert [key.get_fingerprint("sha256") for key in load_host_keys(tmp_path / "host_key")] == made
    for name in ("host_key", "host_key.rsa"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
@pytest.mark.asyncio
async def test_an_old_logger_gets_in_only_where_old_algorithms_are_allowed(tmp_path: Path) -> None:
    old = {
        "kex_algs": ["diffie-hellman-group1-sha1"],
        "encryption_algs": ["aes128-cbc"],
        "mac_algs": ["hmac-sha1"],
        "server_host_key_algs": ["ssh-rsa"],
    }
    async with listening(tmp_path) as here:
        with pytest.raises(asyncssh.KeyExchangeFailed):
            async with here.connect(**old):
                pass
    async with (
        listening(tmp_path, legacy_algorithms=True) as here,
        here.connect(**old) as conn,
        conn.start_sftp_client() as sftp,
    ):
        assert await sftp.isdir("/")


@pytest.mark.asyncio
async def test_statistics_and_sessions_say_what_goes_on(tmp_path: Path) -> None:
    async with listening(tmp_path) as here, here.connect() as conn, conn.start_sftp_client() as sftp:
        async with sftp.open(THERE, "wb") as file:
            await file.write(BODY)
        (session,) = here.listener.sessions()
        assert (session.username, session.address) == ("tb_song", "127.0.0.1")
        statistics = here.listener.statistics()
        assert (statistics["files"], statistics["bytes"], statistics["logins"]) == (1, len(BODY), 1)


def test_every_request_that_could_reach_the_disk_is_overridden() -> None:
    harmless = {"convert_attrs", "format_longname", "map_path", "reverse_map_path", "lock", "unlock"}
    asked = {name for name, _ in inspect.getmembers(SFTPServer, inspect.isfunction) if not name.startswith("_")}
    assert asked - harmless <= set(vars(UploadFiles))
