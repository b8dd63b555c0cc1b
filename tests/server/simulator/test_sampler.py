"""The simulated sampler over a real FTP line: a command file in, an answer file out."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import aioftp
import pytest

from protocols.formats.sampler import build_command, parse_answer
from protocols.vocabulary import SampleState
from server.simulator import sampler as parts
from server.simulator.files import StationFile
from server.simulator.sampler import AutoSampler
from tests.server.simulator.box import running, until


@dataclass
class Line:
    """Keeps what is sent."""

    sent: list[StationFile] = field(default_factory=list[StationFile])

    async def send(self, file: StationFile) -> None:
        self.sent.append(file)


@pytest.mark.asyncio
async def test_a_command_is_carried_out_once_and_answered_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LOOK_S", 0.02)
    monkeypatch.setattr(parts, "TAKES_S", 0.0)
    command, line = build_command("HY_A00_NUOTHA", 71, 1_763_600_400, "3", "vượt COD"), Line()
    async with AutoSampler(tmp_path / "sampler", "x") as there, running(there.run(line)):
        async with (
            aioftp.Client.context("127.0.0.1", there.peer.port, there.peer.username, "x") as client,
            client.upload_stream(command.name) as stream,
        ):
            await stream.write(command.body)
        await until(lambda: bool(line.sent))
        await asyncio.sleep(0.1)
    (file,) = line.sent
    answer = parse_answer(file.name, file.body)
    assert answer is not None and (answer.sample_id, answer.state) == (71, SampleState.TAKEN)
    assert answer.text == "OK chai 1, 1000 mL, 4 °C" and not list((tmp_path / "sampler").iterdir())
