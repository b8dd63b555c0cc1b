"""Hourly files through every outage of their receiver: nothing lost, nothing twice, the newest first, by itself."""

from pathlib import Path

import pytest

from tests.end_to_end.outage import ConsoleView, running, send_hours, settled, until
from tests.end_to_end.receiver import NAME, receiver
from tests.protocols.ftp.conftest import certificate

__all__ = ["certificate"]

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(120)]


@pytest.mark.parametrize("scheme", ["ftp", "ftps", "sftp"])
async def test_a_receiver_that_is_down_at_the_start_gets_everything_once_and_the_newest_hour_first(
    tmp_path: Path, certificate: Path, scheme: str
) -> None:
    secured = certificate if scheme == "ftps" else None
    async with receiver(tmp_path / "peer", scheme, secured) as ministry:
        await ministry.line.down()
        async with running(tmp_path / "box", ministry.destination) as box:
            names = await send_hours(box, range(12, 2, -1))
            await ConsoleView(box).forward_until(NAME, queued=10, state="queued")
            await ministry.line.up()
            await until(lambda: len(ministry.area.delivered) == 10, 70)
            assert ministry.area.names == sorted(names, reverse=True)
            assert all(name.endswith(".tmp") for name in ministry.area.written)
            await settled(box, bo=10)
            assert await box.stop() == 0
            assert len(ministry.area.delivered) == 10


async def test_the_first_retry_comes_within_two_seconds_of_a_failure(tmp_path: Path) -> None:
    async with receiver(tmp_path / "peer") as ministry, running(tmp_path / "box", ministry.destination) as box:
        await send_hours(box, [5])
        await until(lambda: len(ministry.area.delivered) == 1)
        ministry.line.cut_at = [b"STOR"]
        await send_hours(box, [4])
        await until(lambda: not ministry.line.cut_at)
        assert await until(lambda: len(ministry.area.delivered) == 2) < 2.0
        await settled(box, bo=2)


@pytest.mark.parametrize("word", [b"USER", b"STOR", b"RNFR"])
async def test_a_line_that_breaks_at_any_step_costs_nothing_and_doubles_nothing(tmp_path: Path, word: bytes) -> None:
    async with receiver(tmp_path / "peer") as ministry, running(tmp_path / "box", ministry.destination) as box:
        ministry.line.cut_at = [word, word]
        names = await send_hours(box, [5, 4, 3])
        await until(lambda: len(ministry.area.delivered) == 3, 30)
        assert sorted(ministry.area.names) == sorted(names)
        await settled(box, bo=3)


async def test_a_sftp_session_cut_in_the_middle_of_its_transfers_is_taken_up_again(tmp_path: Path) -> None:
    async with receiver(tmp_path / "peer", "sftp") as ministry, running(tmp_path / "box", ministry.destination) as box:
        ministry.line.cut_after = [600, 2500, 3500]
        names = await send_hours(box, [5, 4, 3, 2])
        await until(lambda: set(ministry.area.names) == set(names), 40)
        await settled(box, bo=4)


async def test_a_slow_receiver_is_served_one_after_the_other_and_fresh_hours_pass_the_old_ones(tmp_path: Path) -> None:
    async with receiver(tmp_path / "peer") as ministry:
        await ministry.line.down()
        async with running(tmp_path / "box", ministry.destination) as box:
            old = await send_hours(box, range(20, 12, -1))
            await ConsoleView(box).forward_until(NAME, queued=8)
            ministry.area.slow_s = 1.0
            await ministry.line.up()
            await until(lambda: ministry.area.delivered, 70)
            fresh = await send_hours(box, [12])
            await until(lambda: len(ministry.area.delivered) == 9, 40)
            assert ministry.area.names.index(fresh[0]) < 6
            assert sorted(ministry.area.names) == sorted(old + fresh)
            await settled(box, bo=9)


async def test_a_refused_login_asks_for_a_human_and_is_tried_on_until_it_works_again(tmp_path: Path) -> None:
    async with receiver(tmp_path / "peer") as ministry, running(tmp_path / "box", ministry.destination) as box:
        ministry.refuse()
        names = await send_hours(box, [5, 4])
        row = await ConsoleView(box).forward_until(NAME, state="refused")
        assert row["last_error"].startswith("530")
        assert row["queued"] == 2
        ministry.accept()
        await until(lambda: sorted(ministry.area.names) == sorted(names), 30)
        row = await ConsoleView(box).forward_until(NAME, state="current", last_error="")
        await settled(box, bo=2)


async def test_files_that_waited_when_the_box_stopped_go_out_after_its_start(tmp_path: Path) -> None:
    async with receiver(tmp_path / "peer") as ministry:
        await ministry.line.down()
        async with running(tmp_path / "box", ministry.destination) as box:
            names = await send_hours(box, [6, 5, 4])
            await ConsoleView(box).forward_until(NAME, queued=3)
            assert await box.stop() == 0
            await ministry.line.up()
            await box.start()
            await until(lambda: len(ministry.area.delivered) == 3)
            assert sorted(ministry.area.names) == sorted(names)
            await settled(box, bo=3)
