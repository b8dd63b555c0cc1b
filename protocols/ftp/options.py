"""What may be set on the FTP listener; every default is written here and nowhere else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FtpOptions:
    """Settings of one FTP listener.

    Args:
        passive_ports: first and last port of passive data connections; a first port of 0 means any free one.
        public_address: IPv4 address told in PASV replies where the box stands behind address translation.
        login_s: a session that has not logged in by then is closed, however busily it types.
        idle_s: time between two commands.
        data_s: time a data connection may stay silent, or may take to be made.
    """

    host: str = "127.0.0.1"
    port: int = 2121
    passive_ports: tuple[int, int] = (40000, 40099)
    public_address: str = ""
    tls_certificate: str = ""
    tls_key: str = ""
    require_tls: bool = False
    max_upload_bytes: int = 16 << 20
    login_s: float = 15.0
    idle_s: float = 300.0
    data_s: float = 60.0
    max_sessions: int = 1000
    max_sessions_per_address: int = 100
