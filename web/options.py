"""What the console is told at start: where to listen, whose name to show, how sessions are signed."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class WebOptions:
    """Settings of the console and the API; port 0 picks a free one."""

    secret_key: bytes
    """Signs session cookies; must stay the same over restarts, or everyone is signed out."""
    host: str = "127.0.0.1"
    port: int = 8080
    tls_certificate: str = ""
    tls_key: str = ""
    server_name: str = "Trambox"
    language: str = "vi"
    session_s: int = 12 * 3600
    tiles_url: str = ""
    """Where map tiles come from, `https://host/{z}/{x}/{y}.png`; empty: none, the map has its graticule."""
    tiles_attribution: str = ""

    @property
    def tiles_origin(self) -> str:
        """The one foreign origin from which pictures may be loaded; empty for none."""
        parts = urlsplit(self.tiles_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def uses_tls(self) -> bool:
        """Whether a certificate and its key are set."""
        return bool(self.tls_certificate) and bool(self.tls_key)
