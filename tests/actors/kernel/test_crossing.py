"""The type of the crossing is the bridge's."""

import asyncio

from actors.kernel.crossing import Host
from actors.kernel.loops import Bridge, run_guest


def test_a_bridge_is_a_host_for_whoever_asks_for_one() -> None:
    results: list[str] = []

    async def name() -> str:
        return asyncio.get_running_loop().__class__.__module__

    async def ask(host: Host) -> None:
        results.append(await host(name))

    async def run() -> None:
        bridge = Bridge()
        await run_guest(lambda: ask(bridge.host))

    asyncio.run(run())
    assert results[0].startswith("asyncio")
