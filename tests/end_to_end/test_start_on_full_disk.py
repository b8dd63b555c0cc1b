"""A box that is started while its disk is short comes up, says why it takes nothing, and recovers by itself."""

from pathlib import Path

import pytest

from server.simulator.uplinks import UplinkError
from tests.end_to_end.outage import ConsoleView, publish, running, send_hours, station_file, until, uplink, waypoints
from tests.end_to_end.small_disk import SmallDisk, small_disk

__all__ = ["small_disk"]

RESERVE_MB, LEFT_MB = 8, 5
RECOVERED_S = 8.0


@pytest.mark.asyncio
@pytest.mark.timeout(120)
async def test_a_box_started_on_a_full_disk_says_so_and_opens_when_there_is_room(
    tmp_path: Path, small_disk: SmallDisk
) -> None:
    data = {"TRAMBOX_SERVER_DATA_DIR": str(small_disk.folder / "data")}
    async with running(tmp_path / "box", environ=data, reserve_mb=RESERVE_MB) as box:
        await send_hours(box, [3])
        assert await box.stop() == 0
        small_disk.fill(LEFT_MB << 20)
        await box.launch()
        await until(box._read_ports)
        view = ConsoleView(box)
        status, reasons = await view.ready()
        assert (status, "disk short" in reasons[0]) == (503, True)
        with pytest.raises(UplinkError, match="disk short"):
            await uplink(box).send(station_file(2))
        assert (await view.ready())[0] == 503

        small_disk.free()
        await view.ready_until(200, RECOVERED_S)
        await send_hours(box, [1])
        await publish(box, waypoints(range(10)))
        sums = await box.audit()
        assert sums["balanced"]
        assert (sums["files"]["stored"], sums["waypoints"]["stored"]) == (2, 10)
        assert box.unstructured_lines() == []
