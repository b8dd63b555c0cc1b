"""The stand-in ministry, as a real FTP client finds it."""

import asyncio
from pathlib import Path

import pytest

from server.simulator.ministry import Ministry


async def curl(*arguments: str) -> int:
    process = await asyncio.create_subprocess_exec("curl", "--silent", "--max-time", "10", *arguments)
    return await process.wait()


@pytest.mark.asyncio
async def test_a_file_that_was_sent_lies_in_its_folder(tmp_path: Path) -> None:
    hourly = tmp_path / "hourly.txt"
    hourly.write_bytes(b"COD\t12.5\tmg/L\t20260302120000\t00\r\n")
    async with Ministry(tmp_path / "ministry", "hungyen", "right") as ministry:
        url = f"ftp://127.0.0.1:{ministry.peer.port}/tudong/HungYen/nuoc/"
        assert await curl("--ftp-create-dirs", "-u", "hungyen:right", "-T", str(hourly), url) == 0
        assert ministry.files() == {"tudong/HungYen/nuoc/hourly.txt": hourly.stat().st_size}


@pytest.mark.asyncio
async def test_a_wrong_password_is_refused(tmp_path: Path) -> None:
    hourly = tmp_path / "hourly.txt"
    hourly.write_bytes(b"x")
    async with Ministry(tmp_path / "ministry", "hungyen", "right") as ministry:
        url = f"ftp://127.0.0.1:{ministry.peer.port}/"
        assert await curl("-u", "hungyen:wrong", "-T", str(hourly), url) == 67
        assert ministry.files() == {}
