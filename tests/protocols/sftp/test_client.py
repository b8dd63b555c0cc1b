"""The sender against a real OpenSSH server and against our own listener."""

import asyncio
import getpass
import os
import shutil
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from protocols.errors import DeliveryError
from protocols.sftp.client import SftpSender, SftpTarget
from tests.protocols.sftp.stations import BODY, CODE, NAME, PASSWORD, PLACE, USERNAME, listening

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def openssh_server(folder: Path) -> AsyncGenerator[SftpTarget]:
    """Run sshd on loopback with a configuration, host key and authorised key of its own."""
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if sshd is None:
        pytest.skip("openssh-server is not installed")
    for name in ("host", "client"):
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(folder / name)
        key.write_public_key(folder / f"{name}.pub")
        (folder / name).chmod(0o600)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/client.pub\n"
        "PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n"
        "Subsystem sftp internal-sftp\nLogLevel QUIET\n"
    )
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)  # noqa: PTH103
    with_us = ("setpriv", "--pdeathsig", "KILL")  # it writes its title over the mark that tests/broom.py looks for
    process = await asyncio.create_subprocess_exec(*with_us, sshd, "-D", "-e", "-f", str(folder / "sshd_config"))
    try:
        async with asyncio.timeout(5):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    await writer.wait_closed()
                    break
        yield SftpTarget(
            "127.0.0.1", port, getpass.getuser(), "", f"{folder}/in/nuoc", private_key_path=folder / "client"
        )
    finally:
        process.terminate()
        await process.wait()


async def test_files_arrive_in_a_folder_that_had_to_be_made(tmp_path: Path) -> None:
    async with openssh_server(tmp_path) as target:
        sender = SftpSender(target)
        await sender.open()
        assert await sender.deliver("a.txt", BODY) == len(BODY)
        assert await sender.deliver("b.txt", b"") == 0
        await sender.close()
    assert {path.name: path.read_bytes() for path in (tmp_path / "in/nuoc").iterdir()} == {"a.txt": BODY, "b.txt": b""}


async def test_a_second_delivery_of_a_name_replaces_the_first(tmp_path: Path) -> None:
    async with openssh_server(tmp_path) as target:
        sender = SftpSender(target)
        await sender.open()
        await sender.deliver("a.txt", b"first")
        await sender.deliver("a.txt", BODY)
        await sender.close()
    assert [path.read_bytes() for path in (tmp_path / "in/nuoc").iterdir()] == [BODY]


async def test_the_first_key_is_told_and_can_be_pinned(tmp_path: Path) -> None:
    async with openssh_server(tmp_path) as target:
        first = SftpSender(target)
        await first.open()
        await first.close()
        assert first.fingerprint == asyncssh.read_public_key(tmp_path / "host.pub").get_fingerprint("sha256")
        pinned = SftpSender(replace(target, fingerprint=first.fingerprint))
        await pinned.open()
        await pinned.close()


async def test_another_host_key_than_the_pinned_one_is_a_permanent_refusal(tmp_path: Path) -> None:
    async with openssh_server(tmp_path) as target:
        with pytest.raises(DeliveryError, match="another key") as caught:
            await SftpSender(replace(target, fingerprint="SHA256:other")).open()
        assert caught.value.permanent


async def test_a_wrong_login_is_permanent(tmp_path: Path) -> None:
    async with listening(tmp_path) as here:
        with pytest.raises(DeliveryError, match="login refused") as caught:
            await SftpSender(SftpTarget("127.0.0.1", here.port, USERNAME, "guess", f"/{CODE}")).open()
        assert caught.value.permanent


async def test_an_unreachable_host_is_not_permanent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        target = SftpTarget("127.0.0.1", taken.getsockname()[1], USERNAME, PASSWORD, "/")
        with pytest.raises(DeliveryError) as caught:
            await SftpSender(target).open()
        assert not caught.value.permanent


async def test_a_host_that_never_answers_is_given_up_in_time() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        target = SftpTarget("127.0.0.1", mute.getsockname()[1], USERNAME, PASSWORD, "/")
        with pytest.raises(DeliveryError, match="in time"):
            await SftpSender(target, timeout_s=0.2).open()


async def test_a_refused_file_carries_the_peers_reason_and_is_permanent(tmp_path: Path) -> None:
    async with listening(tmp_path) as here:
        sender = SftpSender(SftpTarget("127.0.0.1", here.port, USERNAME, PASSWORD, f"/{CODE}"))
        await sender.open()
        with pytest.raises(DeliveryError, match="not a station file") as caught:
            await sender.deliver(NAME, b"unreadable")
        assert caught.value.permanent
        await sender.close()


async def test_our_own_listener_takes_what_the_sender_sends(tmp_path: Path) -> None:
    async with listening(tmp_path) as here:
        sender = SftpSender(SftpTarget("127.0.0.1", here.port, USERNAME, PASSWORD, f"/{CODE}/2026/03/10"))
        await sender.open()
        assert await sender.deliver(NAME, BODY) == len(BODY)
        await sender.close()
        assert here.area.files == {PLACE: BODY}


async def test_a_lost_connection_is_not_permanent(tmp_path: Path) -> None:
    async with listening(tmp_path) as here:
        sender = SftpSender(SftpTarget("127.0.0.1", here.port, USERNAME, PASSWORD, f"/{CODE}"))
        await sender.open()
        await here.listener.close(0)
        with pytest.raises(DeliveryError) as caught:
            await sender.deliver(NAME, BODY)
        assert not caught.value.permanent
        await sender.close()
