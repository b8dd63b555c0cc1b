"""A real vsftpd on loopback, run by its process id, with a folder of its own and one account."""

import asyncio
import getpass
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "/usr/sbin/vsftpd"


@dataclass(frozen=True, slots=True)
class Peer:
    """Where the server listens, the folder its anonymous account writes to, and what that account calls the folder."""

    port: int
    folder: Path
    place: str


@asynccontextmanager
async def run_vsftpd(home: Path, *, certificate: Path | None = None) -> AsyncGenerator[Peer, None]:
    """Run it until the block ends; its account is `anonymous`, which may write into `in/`.

    Started by root it locks the account in, so that `/` is the folder above; nobody else may ask for that (chroot).
    """
    folder = home / "root" / "in"
    folder.mkdir(parents=True)
    (home / "root").chmod(0o555)
    folder.chmod(0o777)
    (home / "empty").mkdir()
    port, as_root = _free_port(), os.geteuid() == 0
    settings = {
        "listen": "YES",
        "listen_address": "127.0.0.1",
        "listen_port": str(port),
        "background": "NO",
        "anonymous_enable": "YES",
        "local_enable": "NO",
        "no_anon_password": "NO",
        "anon_root": str(home / "root"),
        "write_enable": "YES",
        "anon_upload_enable": "YES",
        "anon_mkdir_write_enable": "YES",
        "anon_other_write_enable": "YES",
        "anon_umask": "022",
        "ftp_username": "ftp" if as_root else getpass.getuser(),
        "nopriv_user": "nobody",
        "allow_writeable_chroot": "YES",
        "run_as_launching_user": "NO" if as_root else "YES",
        "secure_chroot_dir": str(home / "empty"),
        "seccomp_sandbox": "NO",
        "xferlog_enable": "NO",
    }
    if certificate is not None:
        settings |= {
            "ssl_enable": "YES",
            "allow_anon_ssl": "YES",
            "force_anon_logins_ssl": "YES",
            "force_anon_data_ssl": "YES",
            "require_ssl_reuse": "YES",
            "rsa_cert_file": str(certificate),
            "rsa_private_key_file": str(certificate),
            "ssl_ciphers": "HIGH",
            "ssl_tlsv1": "YES",
        }
    configuration = home / "vsftpd.conf"
    configuration.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
    server = await asyncio.create_subprocess_exec(PROGRAM, str(configuration))
    try:
        await _listening(port, server)
        yield Peer(port, folder, "/in" if as_root else str(folder))
    finally:
        if server.returncode is None:
            server.terminate()
            await server.wait()


async def _listening(port: int, server: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(5):
        while True:
            assert server.returncode is None, "vsftpd did not start"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
