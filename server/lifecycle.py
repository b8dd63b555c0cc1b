"""Signals in, `ports.json` out, and a watch on the loop: what a process owes to the machine it runs on."""

import asyncio
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import orjson
import structlog

from server.relief import give_back

log = structlog.get_logger()

BLOCKED_S = 1.0
RELIEF_S = 120.0


def on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` at SIGTERM and SIGINT."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)


class Ports:
    """The ports in use: logged, and written to `<data_dir>/ports.json`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ports: dict[str, int] = {}

    def opened(self, name: str, port: int) -> None:
        """A listener opened its port."""
        self._ports[name] = port
        log.info("listening", intake=name, port=port)
        waiting = self._path.with_suffix(".tmp")
        waiting.write_bytes(orjson.dumps({**self._ports, "pid": os.getpid()}))
        waiting.rename(self._path)

    def closed(self) -> None:
        """The process is going: nobody should look for it."""
        self._path.unlink(missing_ok=True)


class LoopWatch:
    """Logs the stack of a loop that is blocked for over a second; feeds systemd's watchdog while it is not.

    It is the thread that nothing waits for, so it also gives memory back now and then.
    """

    def __init__(self) -> None:
        self._beats = 0
        self._stop = threading.Event()
        self._main = threading.get_ident()
        self._notify = os.environ.get("NOTIFY_SOCKET", "")

    def beat(self) -> None:
        """The loops turn; called from inside both of them."""
        self._beats += 1

    def start(self) -> None:
        """Watch from a thread of its own."""
        threading.Thread(target=self._watch, name="loop-watch", daemon=True).start()
        self.tell("READY=1")

    def stop(self) -> None:
        """Stop watching."""
        self.tell("STOPPING=1")
        self._stop.set()

    def tell(self, word: str) -> None:
        """Tell systemd, where it asked to be told."""
        if not self._notify:
            return
        import socket  # only under systemd

        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.sendto(word.encode(), self._notify.replace("@", "\0", 1))

    def _watch(self) -> None:
        seen, told, relief_s = -1, False, RELIEF_S
        while not self._stop.wait(BLOCKED_S):
            relief_s -= BLOCKED_S
            if relief_s <= 0:
                relief_s = RELIEF_S
                give_back()
            if self._beats != seen:
                seen, told = self._beats, False
                self.tell("WATCHDOG=1")
            elif not told:
                told = True
                frame = sys._current_frames().get(self._main)  # pyright: ignore[reportPrivateUsage]  # documented in sys
                stack = "".join(traceback.format_stack(frame)) if frame else ""
                log.warning("loop_blocked", over_s=BLOCKED_S, stack=stack[-3000:])
