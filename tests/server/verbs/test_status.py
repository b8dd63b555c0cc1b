"""`trambox status` against a real HTTP server that answers as the console does."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from server.__main__ import main

SOURCE = {
    "id": "station:A",
    "name": "Trạm A",
    "freshness": "fresh",
    "actor": "running",
    "last_seen": None,
    "deadline": None,
}
FORWARD = {
    "name": "bo",
    "state": "current",
    "queued": 0,
    "oldest_age_s": None,
    "deadline_misses_today": 0,
    "last_error": "",
}


class Console(ThreadingHTTPServer):
    """Answers sources page by page, and forwards; notes the tokens it is shown."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.sources: list[dict[str, Any]] = [SOURCE]
        self.services: list[dict[str, Any]] = [{"id": "intake:ftp", "actor": "running", "restarts": 0, "detail": ""}]
        self.forwards: list[dict[str, Any]] = [FORWARD]
        self.summary: dict[str, Any] = {"concerns": []}
        self.tokens: set[str] = set()


class Answers(BaseHTTPRequestHandler):
    """One request."""

    server: Console

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        self.server.tokens.add(self.headers.get("Authorization", ""))
        rows: Any = getattr(self.server, path.removeprefix("/api/v1/"))
        offset = int(dict(part.split("=") for part in query.split("&")).get("offset", 0)) if query else 0
        body = json.dumps(rows[offset : offset + 1000] if isinstance(rows, list) else rows).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Total-Count", str(len(rows)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def console() -> Iterator[Console]:
    with Console() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def environ(tmp_path: Path, console: Console, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("TRAMBOX_PASSWORD", "long-enough")
    chosen = {"TRAMBOX_SERVER_DATA_DIR": str(tmp_path)}
    assert main(["user", "add", "an", "--role", "viewer"], chosen) == 0
    (tmp_path / "ports.json").write_text(json.dumps({"web": console.server_address[1]}))
    return chosen


def test_a_calm_box_is_exit_0_and_a_table(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"], environ) == 0
    shown = capsys.readouterr().out
    assert "station:A  fresh  running  -          -         Trạm A" in shown
    assert "intake:ftp  running  0         -" in shown
    assert "bo           current   0       -       -    -    0             -" in shown


@pytest.mark.parametrize("trouble", [{"freshness": "silent"}, {"actor": "quarantined"}])
def test_a_source_in_trouble_is_exit_1(trouble: dict[str, str], environ: dict[str, str], console: Console) -> None:
    console.sources.append(SOURCE | trouble)
    assert main(["status"], environ) == 1


def test_a_quarantined_service_is_exit_1(environ: dict[str, str], console: Console) -> None:
    console.services[0]["actor"] = "quarantined"
    assert main(["status"], environ) == 1


@pytest.mark.parametrize("trouble", [{"state": "refused"}, {"deadline_misses_today": 1}])
def test_a_destination_in_trouble_is_exit_1(
    trouble: dict[str, object], environ: dict[str, str], console: Console
) -> None:
    console.forwards.append(FORWARD | trouble)
    assert main(["status"], environ) == 1


def test_what_somebody_must_look_at_is_told_and_is_exit_1(
    environ: dict[str, str], console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    console.summary["concerns"] = [{"kind": "archive_held_disabled", "about": "csgt", "since": "2026-11-20"}]
    assert main(["status"], environ) == 1
    assert "! archive_held_disabled csgt since=2026-11-20" in capsys.readouterr().out


def test_a_long_list_is_read_to_its_end(
    environ: dict[str, str], console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    console.sources = [SOURCE] * 2500
    capsys.readouterr()
    assert main(["status", "--json"], environ) == 0
    assert len(json.loads(capsys.readouterr().out)["sources"]) == 2500


def test_the_token_is_one_and_gone_afterwards(environ: dict[str, str], console: Console, tmp_path: Path) -> None:
    main(["status"], environ)
    (token,) = console.tokens
    assert token.startswith("Bearer ")
    database = sqlite3.connect(tmp_path / "trambox.db")
    assert database.execute("SELECT COUNT(*) FROM tokens").fetchone() == (0,)
    database.close()


def test_without_a_running_server_it_is_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"], {"TRAMBOX_SERVER_DATA_DIR": str(tmp_path)}) == 1
    assert "start it with `trambox serve`" in capsys.readouterr().err
