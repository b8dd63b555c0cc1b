"""One line of JSON per event where nobody looks at a terminal."""

import json
import subprocess
import sys

PROGRAM = """
import logging, structlog
from server.logs import configure_logs
configure_logs()
log = structlog.get_logger()
log.debug("too_small_to_tell")
log.info("file_received", station="Trạm", size=5, path=__import__("pathlib").Path("a"))
logging.getLogger("library").warning("from a library")
try:
    raise ValueError("why")
except ValueError:
    log.exception("it_broke")
"""


def test_events_are_lines_of_json_on_stderr() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == ""
    first, library, broke = done.stderr.splitlines()
    event = json.loads(first)
    assert event.pop("timestamp").endswith("Z"), "a time without its zone is read as another one"
    assert event == {"event": "file_received", "level": "info", "station": "Trạm", "size": 5, "path": "a"}
    assert library == "library: from a library"
    assert "ValueError: why" in json.loads(broke)["exception"]
