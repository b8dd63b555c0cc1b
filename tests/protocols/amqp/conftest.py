"""These tests run on the event loop of the product, uvloop."""

import asyncio
from collections.abc import Callable

import uvloop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Name the one loop that these tests run on."""
    return {"uvloop": uvloop.new_event_loop}
