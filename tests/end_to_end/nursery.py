"""Where boxes are born: a process that has read the server's sources once, and forks for each life that is asked for.

Reading them takes a second of a core, many times what a start does then. A life is a process like any other: it runs
`python -m MODULE`'s own code with its own words, environment and streams, has a number of its own, is killed as a
process is, and ends as Python ends. Those who prove the command itself start it themselves (tests/server/test_cli.py).
"""

import gc
import json
import os
import runpy
import selectors
import socket
import sys
from contextlib import ExitStack
from importlib import import_module
from typing import NamedTuple

READ_BEFORE = ("server.verbs", "server.app")
ORDER_BYTES = 1 << 17
STREAMS = 3


class Order(NamedTuple):
    """A life that is asked for: what it runs, where, and its streams 0, 1 and 2."""

    module: str
    words: list[str]
    folder: str
    environ: dict[str, str]
    streams: list[int]


class Nursery:
    """Takes orders at one end of a pair of sockets, and tells each orderer when the life begins and how it ends."""

    def __init__(self, door: socket.socket) -> None:
        self._door = door
        self._selector = selectors.DefaultSelector()
        self._selector.register(door, selectors.EVENT_READ)

    def run(self) -> Order | None:
        """Bear lives until nobody orders any more (None); in each new life it comes back with the order."""
        while True:
            for key, _ in self._selector.select():
                if key.data is not None:
                    self._tell_end(key)
                    continue
                message, streams, _, _ = socket.recv_fds(self._door, ORDER_BYTES, STREAMS + 1)
                if not message:
                    return None
                orderer = socket.socket(fileno=streams.pop())
                pid = os.fork()
                if not pid:
                    self._leave(orderer)
                    return Order(**json.loads(message), streams=streams)
                for stream in streams:
                    os.close(stream)
                orderer.sendall(b"%d\n" % pid)
                self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, orderer))

    def _tell_end(self, key: selectors.SelectorKey) -> None:
        pid, orderer = key.data
        _, status = os.waitpid(pid, 0)
        self._selector.unregister(key.fd)
        os.close(key.fd)
        with orderer:
            orderer.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))

    def _leave(self, orderer: socket.socket) -> None:
        """Let go of all that is the nursery's."""
        with ExitStack() as others:
            others.enter_context(self._door)
            others.enter_context(orderer)
            others.enter_context(self._selector)
            for key in self._selector.get_map().values():
                if key.data is not None:
                    os.close(key.fd)
                    others.enter_context(key.data[1])


def live(order: Order) -> None:
    """Be what was ordered; leaves as the module leaves."""
    for number, stream in enumerate(order.streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environ)
    sys.argv = [order.module, *order.words]
    runpy.run_module(order.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    for name in READ_BEFORE:
        import_module(name)
    gc.freeze()  # what all share is looked through by none at its end: that took three quarters of an audit
    if (ordered := Nursery(socket.socket(fileno=int(sys.argv[1]))).run()) is not None:
        live(ordered)
