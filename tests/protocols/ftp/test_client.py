"""The sender of hourly files, against vsftpd, against our own listener, and against peers that misbehave."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from typing_extensions import override

from protocols.errors import DeliveryError, PathRefused
from protocols.ftp.client import FtpSender, FtpTarget, deliver
from protocols.ftp.listener import FtpOptions
from protocols.ftp.verbs import VERBS
from protocols.uploads import Grant, Receipt
from protocols.vocabulary import Fate
from tests.protocols.ftp.intake import BODY, NAME, PASSWORD, PLACE, USERNAME, Intake, open_intake
from tests.protocols.ftp.vsftpd import PROGRAM, Peer, run_vsftpd
from tests.protocols.memory_area import MemoryArea

needs_vsftpd = pytest.mark.skipif(not Path(PROGRAM).exists(), reason="vsftpd is not installed")
TIMEOUT_S = 10.0


def target_of(peer: Peer, *, tls: bool = False) -> FtpTarget:
    return FtpTarget("127.0.0.1", peer.port, "anonymous", "box@example.vn", "in", tls, verify_tls=False)


def target_at(port: int) -> FtpTarget:
    return FtpTarget("127.0.0.1", port, USERNAME, PASSWORD, "", tls=False, verify_tls=False)


@needs_vsftpd
@pytest.mark.asyncio
async def test_a_file_arrives_at_vsftpd_with_its_folder_made(tmp_path: Path) -> None:
    async with run_vsftpd(tmp_path) as peer:
        target = replace(target_of(peer), folder="in/tudong/SoTNMT_A/nuoc")
        assert await deliver(target, NAME, BODY, timeout_s=TIMEOUT_S) == len(BODY)
        place = peer.folder / "tudong" / "SoTNMT_A" / "nuoc"
        assert {path.name: path.read_bytes() for path in place.iterdir()} == {NAME: BODY}


@needs_vsftpd
@pytest.mark.asyncio
async def test_an_absolute_folder_is_entered_too(tmp_path: Path) -> None:
    async with run_vsftpd(tmp_path) as peer:
        await deliver(replace(target_of(peer), folder=f"{peer.place}/khi"), NAME, BODY, timeout_s=TIMEOUT_S)
        assert (peer.folder / "khi" / NAME).read_bytes() == BODY


@needs_vsftpd
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may lock an account in")
@pytest.mark.asyncio
async def test_the_account_of_the_proofs_sees_nothing_beyond_its_folder(tmp_path: Path) -> None:
    async with run_vsftpd(tmp_path) as peer:
        for beyond in (str(peer.folder), "../../../../etc"):
            with pytest.raises(DeliveryError, match="550"):
                await deliver(replace(target_of(peer), folder=beyond), NAME, BODY, timeout_s=TIMEOUT_S)
        assert list(peer.folder.iterdir()) == []


@needs_vsftpd
@pytest.mark.asyncio
async def test_the_same_name_again_replaces_the_file(tmp_path: Path) -> None:
    async with run_vsftpd(tmp_path) as peer:
        sender = FtpSender(target_of(peer), timeout_s=TIMEOUT_S)
        await sender.open()
        await sender.deliver(NAME, BODY)
        await sender.deliver(NAME, b"corrected")
        await sender.close()
        assert {path.name: path.read_bytes() for path in peer.folder.iterdir()} == {NAME: b"corrected"}


@needs_vsftpd
@pytest.mark.asyncio
async def test_files_arrive_over_tls_where_the_peer_wants_the_session_reused(tmp_path: Path, certificate: Path) -> None:
    async with run_vsftpd(tmp_path, certificate=certificate) as peer:
        sender = FtpSender(target_of(peer, tls=True), timeout_s=TIMEOUT_S)
        await sender.open()
        for number in range(3):
            assert await sender.deliver(f"{number}.txt", BODY) == len(BODY)
        await sender.close()
        assert sorted(path.name for path in peer.folder.iterdir()) == ["0.txt", "1.txt", "2.txt"]


@needs_vsftpd
@pytest.mark.asyncio
async def test_an_unknown_certificate_is_a_permanent_refusal(tmp_path: Path, certificate: Path) -> None:
    async with run_vsftpd(tmp_path, certificate=certificate) as peer:
        with pytest.raises(DeliveryError, match="certificate") as caught:
            await deliver(replace(target_of(peer, tls=True), verify_tls=True), NAME, BODY, timeout_s=TIMEOUT_S)
        assert caught.value.permanent
        assert list(peer.folder.iterdir()) == []


@needs_vsftpd
@pytest.mark.asyncio
async def test_a_folder_that_may_not_be_made_is_an_error(tmp_path: Path) -> None:
    async with run_vsftpd(tmp_path) as peer:
        (peer.folder / "khi").write_bytes(b"a file stands in the way")
        with pytest.raises(DeliveryError, match="550") as caught:
            await deliver(replace(target_of(peer), folder="in/khi"), NAME, BODY, timeout_s=TIMEOUT_S)
        assert not caught.value.permanent


@needs_vsftpd
@pytest.mark.asyncio
async def test_an_account_that_vsftpd_does_not_know_is_permanent(tmp_path: Path) -> None:
    async with run_vsftpd(tmp_path) as peer:
        with pytest.raises(DeliveryError, match="530") as caught:
            await deliver(replace(target_of(peer), username="somebody"), NAME, BODY, timeout_s=TIMEOUT_S)
        assert caught.value.permanent


@pytest.mark.asyncio
@pytest.mark.parametrize("tls", [False, True])
async def test_a_file_arrives_at_our_own_listener(intake: Intake, tls: bool) -> None:
    target = replace(target_at(intake.port), tls=tls)
    assert await deliver(target, NAME, BODY, timeout_s=TIMEOUT_S) == len(BODY)
    assert intake.area.files == {PLACE: BODY}


class NeverOverwriting(MemoryArea):
    """Like servers on Windows: a rename does not replace, and any file may be deleted."""

    @override
    async def rename(self, grant: Grant, source: str, target: str) -> Receipt:
        if target in self.files:
            raise PathRefused(f"{target}: exists already")
        self.files[target] = self.files.pop(source)
        return Receipt(Fate.STORED, 1, "renamed")

    @override
    async def remove(self, grant: Grant, path: str) -> None:
        del self.files[path]


@pytest.mark.asyncio
async def test_an_old_file_is_taken_away_where_a_rename_does_not_replace_it(options: FtpOptions) -> None:
    area = NeverOverwriting()
    area.files[f"/{NAME}"] = b"old"
    async with open_intake(options, area) as intake:
        assert await deliver(target_at(intake.port), NAME, BODY, timeout_s=TIMEOUT_S) == len(BODY)
    assert area.files == {f"/{NAME}": BODY}


@pytest.mark.asyncio
async def test_where_there_is_no_size_the_facts_of_the_file_tell_it(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for verb in ("SIZE", "LIST"):
        monkeypatch.delitem(VERBS, verb)
    assert await deliver(target_at(intake.port), NAME, BODY, timeout_s=TIMEOUT_S) == len(BODY)


@pytest.mark.asyncio
async def test_where_there_is_neither_the_listing_tells_it(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    for verb in ("SIZE", "MLST"):
        monkeypatch.delitem(VERBS, verb)
    target = replace(target_at(intake.port), folder="TB_A/2026/03/25")
    assert await deliver(target, NAME, BODY, timeout_s=TIMEOUT_S) == len(BODY)


class Forgetful(MemoryArea):
    """Loses the second half of what it is given."""

    @override
    async def store(self, grant: Grant, path: str, data: bytes) -> Receipt:
        return await super().store(grant, path, data[: len(data) // 2])


@pytest.mark.asyncio
async def test_a_size_that_is_not_ours_is_no_delivery(options: FtpOptions) -> None:
    async with open_intake(options, Forgetful()) as intake:
        with pytest.raises(DeliveryError, match="31 are there") as caught:
            await deliver(target_at(intake.port), NAME, BODY, timeout_s=TIMEOUT_S)
        assert not caught.value.permanent


@pytest.mark.asyncio
async def test_a_wrong_login_is_permanent(intake: Intake) -> None:
    target = replace(target_at(intake.port), password="wrong")
    with pytest.raises(DeliveryError) as caught:
        await deliver(target, NAME, BODY, timeout_s=TIMEOUT_S)
    assert caught.value.permanent
    assert PASSWORD not in caught.value.reason


@pytest.mark.asyncio
async def test_a_refused_name_is_permanent(intake: Intake) -> None:
    with pytest.raises(DeliveryError) as caught:
        await deliver(target_at(intake.port), "ELSEWHERE_20260325000500.txt", BODY, timeout_s=TIMEOUT_S)
    assert caught.value.permanent


@pytest.mark.asyncio
async def test_a_name_with_a_line_end_is_permanent_and_not_sent(intake: Intake) -> None:
    with pytest.raises(DeliveryError) as caught:
        await deliver(target_at(intake.port), "a\r\nDELE b", BODY, timeout_s=TIMEOUT_S)
    assert caught.value.permanent


@pytest.mark.asyncio
async def test_a_full_disk_there_is_not_permanent(intake: Intake) -> None:
    intake.area.capacity_bytes = 1
    with pytest.raises(DeliveryError, match="452") as caught:
        await deliver(target_at(intake.port), NAME, BODY, timeout_s=TIMEOUT_S)
    assert not caught.value.permanent


@pytest.mark.asyncio
async def test_nobody_listening_is_not_permanent(intake: Intake) -> None:
    await intake.listener.close(1.0)
    with pytest.raises(DeliveryError, match="network") as caught:
        await deliver(target_at(intake.port), NAME, BODY, timeout_s=TIMEOUT_S)
    assert not caught.value.permanent


@asynccontextmanager
async def scripted(answer: Callable[[bytes], bytes]) -> AsyncGenerator[int, None]:
    """A control connection that answers each line as the test says."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 scripted\r\n")
        while line := await reader.readline():
            writer.write(answer(line))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.asyncio
@pytest.mark.parametrize("answer", [b"hello\r\n230 x\r\n\xff\xff\r\n", b"227 (1,2)\r\n", b"999\r\n"])
async def test_an_unintelligible_peer_is_not_permanent(answer: bytes) -> None:
    async with scripted(lambda _: answer) as port:
        with pytest.raises(DeliveryError) as caught:
            await deliver(target_at(port), NAME, BODY, timeout_s=0.5)
        assert not caught.value.permanent


@pytest.mark.asyncio
async def test_a_peer_that_never_answers_is_given_up_in_time() -> None:
    async with scripted(lambda _: b"") as port:
        with pytest.raises(DeliveryError, match=r"within 0\.2 s") as caught:
            await deliver(target_at(port), NAME, BODY, timeout_s=0.2)
        assert not caught.value.permanent


@pytest.mark.asyncio
async def test_a_sender_that_is_not_open_says_so() -> None:
    sender = FtpSender(target_at(1), timeout_s=1)
    with pytest.raises(DeliveryError, match="not connected"):
        await sender.deliver(NAME, BODY)
    await sender.close()
