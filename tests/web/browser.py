"""Drives a real Chromium through chromedriver's own HTTP protocol (W3C WebDriver)."""

import asyncio
import base64
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER = "\ue007"
PATIENCE_S = 15.0
SETTLED = """
const width = arguments[0], drawn = () => document.documentElement.clientWidth === width;
return new Promise((settle) => {
  const look = () => requestAnimationFrame(drawn() ? () => requestAnimationFrame(() => settle(true)) : look);
  look();
});
"""
"""What watches a size is told of it at the end of a frame: in the next one it has drawn itself anew."""


class Browser:
    """One window."""

    def __init__(self, client: httpx.AsyncClient, session: str) -> None:
        self._client = client
        self._session = session

    async def _ask(self, command: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
        url = f"/session/{self._session}/{command}"
        answer = await self._client.request(method, url, json=body if method == "POST" else None)
        value = answer.json()["value"]
        assert answer.status_code == 200, value["message"]
        return value

    async def go(self, url: str) -> None:
        await self._ask("url", {"url": url})

    async def run(self, script: str, *args: object) -> Any:
        """Run a function body in the page."""
        return await self._ask("execute/sync", {"script": script, "args": list(args)})

    async def find(self, css: str) -> str:
        found: str = (await self._ask("element", {"using": "css selector", "value": css}))[ELEMENT]
        return found

    async def click(self, css: str) -> None:
        await self._ask(f"element/{await self.find(css)}/click", {})

    async def type(self, css: str, text: str) -> None:
        await self._ask(f"element/{await self.find(css)}/value", {"text": text})

    async def press(self, key: str) -> None:
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        await self._ask("actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})

    async def text(self, css: str) -> str:
        """What a person reads there; empty where there is nothing or it is hidden."""
        script = "const e = document.querySelector(arguments[0]); return e && e.checkVisibility() ? e.innerText : ''"
        return str(await self.run(script, css))

    async def see(self, css: str, words: str) -> str:
        """Wait until the words stand there."""
        end_s = asyncio.get_running_loop().time() + PATIENCE_S
        while words not in (text := await self.text(css)):
            assert asyncio.get_running_loop().time() < end_s, f"{words!r} never came, {css} reads {text!r}"
            await asyncio.sleep(0.05)
        return text

    async def sign_in(self, url: str, name: str, password: str) -> None:
        await self.go(f"{url}/signin")
        await self.type("input[name=username]", name)
        await self.type("input[name=password]", password + ENTER)

    async def drag(self, css: str, from_x: int, to_x: int) -> None:
        """Drag the mouse over an element, `x` from its middle."""
        origin = {ELEMENT: await self.find(css)}
        moves = [
            {"type": "pointerMove", "origin": origin, "x": from_x, "y": 0, "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "origin": origin, "x": to_x, "y": 0, "duration": 50},
            {"type": "pointerUp", "button": 0},
        ]
        await self._ask("actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": moves}]})

    async def hover(self, css: str, x: int = 0, y: int = 0) -> None:
        """Bring the mouse over an element, `x` and `y` from its middle."""
        move = {"type": "pointerMove", "origin": {ELEMENT: await self.find(css)}, "x": x, "y": y, "duration": 0}
        await self._ask("actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [move]}]})

    async def resize(self, width: int, height: int) -> None:
        """Be a screen of that size, and wait until all is drawn for it; a desktop's window is never so narrow."""
        told = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
        await self._ask("goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": told})
        await self.run(SETTLED, width)

    async def block(self, *urls: str) -> None:
        """Let these addresses fail."""
        for command, told in (("Network.enable", {}), ("Network.setBlockedURLs", {"urls": list(urls)})):
            await self._ask("goog/cdp/execute", {"cmd": command, "params": told})

    async def picture(self) -> bytes:
        """What the window shows, as PNG."""
        return base64.b64decode(await self._ask("screenshot", method="GET"))

    async def complaints(self) -> list[str]:
        """What the browser wrote to its console as an error."""
        entries = await self._ask("se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]


@asynccontextmanager
async def open_browser(folder: Path, width: int = 1400, height: int = 900) -> AsyncGenerator[Browser]:
    """Start chromedriver and one Chromium; both end with the block."""
    driver = await asyncio.create_subprocess_exec(
        "chromedriver", "--port=0", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert driver.stdout is not None
    try:
        port = ""
        while not port:
            line = await asyncio.wait_for(driver.stdout.readline(), PATIENCE_S)
            assert line, "chromedriver ended"
            found = re.search(r"on port (\d+)\.", line.decode())
            port = found[1] if found else ""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
            answer = await client.post(
                "/session", json={"capabilities": {"alwaysMatch": _wishes(folder, width, height)}}
            )
            value = answer.json()["value"]
            assert answer.status_code == 200, value["message"]
            try:
                yield Browser(client, value["sessionId"])
            finally:
                await client.delete(f"/session/{value['sessionId']}")
    finally:
        driver.terminate()
        await driver.wait()


def _wishes(folder: Path, width: int, height: int) -> dict[str, Any]:
    arguments = [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server",
        f"--user-data-dir={folder / 'chromium'}", f"--window-size={width},{height}",
    ]  # fmt: skip
    return {
        "browserName": "chrome",
        "goog:chromeOptions": {"args": arguments, "binary": "/usr/bin/chromium"},
        "goog:loggingPrefs": {"browser": "ALL"},
    }
