"""What holds for every answer."""

import pytest

from tests.web.house import House


@pytest.mark.asyncio
async def test_every_answer_forbids_foreign_scripts(house: House) -> None:
    async with house.client("") as client:
        policy = (await client.get("/signin")).headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
