"""What holds for every answer."""

import pytest

from tests.web.house import House
from web.options import WebOptions
from web.security import policy


@pytest.mark.asyncio
async def test_every_answer_forbids_foreign_scripts(house: House) -> None:
    async with house.client("") as client:
        policy = (await client.get("/signin")).headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy


def test_pictures_come_from_the_box_and_from_the_one_host_of_the_tiles() -> None:
    tiled = WebOptions(b"k", tiles_url="https://tiles.example.vn:8443/{z}/{x}/{y}.png")
    assert tiled.tiles_origin == "https://tiles.example.vn:8443" and WebOptions(b"k").tiles_origin == ""
    assert "; img-src 'self' https://tiles.example.vn:8443; " in policy(tiled.tiles_origin)
    assert "; img-src 'self'; " in policy()


@pytest.mark.asyncio
async def test_a_browser_asks_for_a_script_again_after_an_update(house: House) -> None:
    async with house.client("") as client:
        script = await client.get("/static/ask.js")
        again = await client.get("/static/ask.js", headers={"If-None-Match": script.headers["ETag"]})
    assert (script.status_code, again.status_code) == (200, 304)
    assert "max-age=0" in script.headers["Cache-Control"] or "no-cache" in script.headers["Cache-Control"]
