"""Asks the running server over its own HTTP API, from the command line of the same box."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from server.refusal import Refusal

TIMEOUT_S = 10.0
PAGE = 1000
MEND = "is it running? start it with `trambox serve`"
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def read_port(data_dir: Path) -> int:
    """The HTTP port that the running server wrote to `ports.json`; raises Refusal."""
    file = data_dir / "ports.json"
    try:
        return int(json.loads(file.read_text(encoding="utf-8"))["web"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal(f"no server writes {file}", MEND) from error


def _own_box() -> ssl.SSLContext:
    """TLS to our own loopback address: encrypted, the name not checked."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class ConsoleClient:
    """A client with one bearer token. Its methods block: run them in a thread."""

    def __init__(self, host: str, port: int, tls: bool, token: str) -> None:
        name = ANYWHERE.get(host, host)
        shown = f"[{name}]" if ":" in name else name
        self._base = f"{'https' if tls else 'http'}://{shown}:{port}"
        self._token = token
        # The certificate names the box's public name, while we ask its own address on the same box.
        self._tls = _own_box() if tls else None

    def get(self, path: str) -> Any:
        """The JSON at a path; raises Refusal."""
        return self._ask(path)[0]

    def pages(self, path: str) -> list[dict[str, Any]]:
        """A long list, page by page."""
        rows: list[dict[str, Any]] = []
        while True:
            page, total = self._ask(f"{path}?limit={PAGE}&offset={len(rows)}")
            rows += page
            if not page or len(rows) >= total:
                return rows

    def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Act at a path; raises Refusal."""
        return self._ask(path, json.dumps(body or {}).encode())[0]

    def _ask(self, path: str, body: bytes | None = None) -> tuple[Any, int]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._base + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=self._tls) as answer:
                return json.load(answer), int(answer.headers.get("X-Total-Count") or 0)
        except urllib.error.HTTPError as error:
            with error:
                raise Refusal(f"{self._base}{path} answered {error.code}", "look into the server's log") from error
        except (OSError, ValueError) as error:
            raise Refusal(f"{self._base} does not answer ({error})", MEND) from error
