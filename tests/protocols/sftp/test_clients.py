"""Real clients against the listener: OpenSSH sftp and scp, lftp, paramiko, asyncssh."""

import asyncio
from pathlib import Path

import asyncssh
import paramiko
import pytest

from tests.protocols.sftp.stations import BODY, CODE, NAME, PASSWORD, PLACE, USERNAME, listening, run

pytestmark = pytest.mark.asyncio


async def test_openssh_sftp_uploads_under_a_temporary_name_and_renames(tmp_path: Path) -> None:
    (tmp_path / "out.txt").write_bytes(BODY)
    there = f"/{CODE}/{NAME}"
    batch = f"mkdir /{CODE}/2026\nput {tmp_path}/out.txt {there}.tmp\nrename {there}.tmp {there}\nls -l /{CODE}\nbye\n"
    async with listening(tmp_path) as here:
        status, said = await run(
            "sftp", *here.openssh(), f"{USERNAME}@127.0.0.1", folder=tmp_path, stdin=batch.encode()
        )
        assert status == 0, said
        assert here.area.files == {PLACE: BODY}


async def test_openssh_scp_in_sftp_mode_stores_a_file(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(BODY)
    async with listening(tmp_path) as here:
        status, said = await run(
            "scp", *here.openssh(), "-p", str(tmp_path / NAME), f"{USERNAME}@127.0.0.1:/{CODE}/", folder=tmp_path
        )
        assert status == 0, said
        assert here.area.files == {PLACE: BODY}


async def test_openssh_scp_with_the_old_protocol_stores_a_file(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(BODY)
    async with listening(tmp_path) as here:
        status, said = await run(
            "scp", "-O", *here.openssh(), "-p", str(tmp_path / NAME), f"{USERNAME}@127.0.0.1:", folder=tmp_path
        )
        assert status == 0, said
        assert here.area.files == {PLACE: BODY}


async def test_the_old_scp_copies_a_folder_and_fetches_a_file_back(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026" / NAME).write_bytes(BODY)
    async with listening(tmp_path) as here:
        host = f"{USERNAME}@127.0.0.1"
        status, said = await run(
            "scp", "-O", "-r", *here.openssh(), str(tmp_path / "2026"), f"{host}:/{CODE}", folder=tmp_path
        )
        assert status == 0, said
        status, said = await run(
            "scp", "-O", *here.openssh(), f"{host}:{PLACE}", str(tmp_path / "back.txt"), folder=tmp_path
        )
        assert status == 0, said
        assert (tmp_path / "back.txt").read_bytes() == BODY


async def test_the_old_scp_is_told_why_a_file_was_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"unreadable")
    async with listening(tmp_path) as here:
        status, said = await run(
            "scp", "-O", *here.openssh(), str(tmp_path / NAME), f"{USERNAME}@127.0.0.1:", folder=tmp_path
        )
        assert status == 1
        assert "line 1: not a station file" in said


async def test_a_wrong_password_is_refused(tmp_path: Path) -> None:
    async with listening(tmp_path) as here:
        with pytest.raises(asyncssh.PermissionDenied):
            async with here.connect(password="guess"):
                pass
        assert here.listener.statistics()["refused_logins"] >= 1


async def test_a_public_key_opens_the_door(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "id")
    (tmp_path / "id").chmod(0o600)
    (tmp_path / NAME).write_bytes(BODY)
    async with listening(tmp_path) as here:
        here.accounts.keys[USERNAME] = " ".join(key.export_public_key("openssh").decode().split()[:2])
        status, said = await run(
            "scp", *here.openssh(), "-i", str(tmp_path / "id"), "-o", "PasswordAuthentication=no",
            str(tmp_path / NAME), f"{USERNAME}@127.0.0.1:/", folder=tmp_path,
        )  # fmt: skip
        assert status == 0, said
        assert here.area.files == {PLACE: BODY}


async def test_another_public_key_does_not_open_it(tmp_path: Path) -> None:
    async with listening(tmp_path) as here:
        with pytest.raises(asyncssh.PermissionDenied):
            async with here.connect(password=None, client_keys=[asyncssh.generate_private_key("ssh-ed25519")]):
                pass


async def test_paramiko_puts_appends_reads_back_and_renames(tmp_path: Path) -> None:
    def session(port: int) -> bytes:
        transport = paramiko.Transport(("127.0.0.1", port))
        transport.connect(username=USERNAME, password=PASSWORD)
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        with client.open(f"/{CODE}/{NAME}.part", "wb") as file:
            file.write(BODY)
        with client.open(f"/{CODE}/{NAME}.part", "ab") as file:
            file.write(BODY)
        client.rename(f"/{CODE}/{NAME}.part", f"/{CODE}/{NAME}")
        client.utime(f"/{CODE}/{NAME}", (1, 1))
        assert client.stat(PLACE).st_size == 2 * len(BODY)
        with client.open(PLACE, "rb") as file:
            back = file.read()
        client.close()
        transport.close()
        return back

    async with listening(tmp_path) as here:
        assert await asyncio.to_thread(session, here.port) == 2 * BODY


async def test_lftp_mirrors_a_folder(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / NAME).write_bytes(BODY)
    (tmp_path / ".lftprc").write_text(
        'set sftp:connect-program "ssh -a -x -F none'
        f' -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile={tmp_path}/known_hosts"\n'
        "set net:max-retries 1\nset sftp:auto-confirm yes\n"
    )
    async with listening(tmp_path) as here:
        status, said = await run(
            "lftp", "-u", f"{USERNAME},{PASSWORD}", "-p", str(here.port), "sftp://127.0.0.1",
            "-e", f"mirror -R {source} /{CODE}; bye", folder=tmp_path,
        )  # fmt: skip
        assert status == 0, said
        assert here.area.files == {PLACE: BODY}
