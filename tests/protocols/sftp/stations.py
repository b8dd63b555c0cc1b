"""A listener on loopback with one account, and the real clients that speak to it."""

import asyncio
import os
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import asyncssh

from protocols.sftp.listener import SftpListener, SftpOptions
from tests.protocols.memory_area import MemoryArea, MemoryAuthenticator

USERNAME = "tb_song"
PASSWORD = "correct horse"
CODE = "TB_SONG_NUOMXL"
NAME = f"{CODE}_20260310103500.txt"
PLACE = f"/{CODE}/2026/03/10/{NAME}"
BODY = b"COD\tmg/L\t20260310103500\t12.5\t00\r\n"


@dataclass
class Loopback:
    """A running listener, what it keeps, and how to reach it."""

    listener: SftpListener
    area: MemoryArea
    accounts: MemoryAuthenticator
    port: int
    folder: Path

    def connect(self, **more: Any) -> Any:
        """Connect with asyncssh's own client (an async context manager)."""
        return asyncssh.connect(
            "127.0.0.1",
            self.port,
            **{
                "username": USERNAME,
                "password": PASSWORD,
                "known_hosts": None,
                "config": None,
                "client_keys": None,
                **more,
            },
        )

    def openssh(self) -> list[str]:
        """The options every OpenSSH tool is called with: nothing from the user's home."""
        return [
            "-F", "none", "-o", "UserKnownHostsFile=" + str(self.folder / "known_hosts"),
            "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR", "-P", str(self.port),
        ]  # fmt: skip


@cache
def host_keys() -> dict[str, bytes]:
    """Make the listener's keys once for the whole run: an RSA key takes its time."""
    ed25519, rsa = (asyncssh.generate_private_key(algorithm) for algorithm in ("ssh-ed25519", "ssh-rsa"))
    return {"host_key": ed25519.export_private_key("openssh"), "host_key.rsa": rsa.export_private_key("openssh")}


@asynccontextmanager
async def listening(folder: Path, area: MemoryArea | None = None, **options: Any) -> AsyncGenerator[Loopback]:
    """Run a listener on a free loopback port."""
    area = area or MemoryArea()
    for name, key in host_keys().items():
        if not (folder / name).exists():
            (folder / name).write_bytes(key)
    accounts = MemoryAuthenticator({USERNAME: PASSWORD}, {USERNAME: (CODE,)})
    listener = SftpListener(SftpOptions("127.0.0.1", 0, folder / "host_key", **options), accounts, area)
    port = await listener.start()
    try:
        yield Loopback(listener, area, accounts, port, folder)
    finally:
        await listener.close(0)


async def run(*command: str, password: str = PASSWORD, folder: Path, stdin: bytes = b"") -> tuple[int, str]:
    """Run a client to its end; it gets the password from an askpass program.

    Returns:
        Its exit status, and everything it said.
    """
    askpass = folder / "askpass"
    askpass.write_text(f"#!/bin/sh\necho '{password}'\n")
    askpass.chmod(stat.S_IRWXU)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
    said, _ = await asyncio.wait_for(process.communicate(stdin), 20)
    return process.returncode or 0, said.decode(errors="replace")


async def until(ready: Any, deadline_s: float = 5.0) -> None:
    """Wait until `ready()` holds; fails the test after the deadline."""
    async with asyncio.timeout(deadline_s):
        while not ready():
            await asyncio.sleep(0.01)
