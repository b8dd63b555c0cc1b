"""The puller of one logger's server: visits it on a schedule and takes every file once, whole.

A broken transfer goes on where it stopped, over restarts too: what came is kept beside the data until it is whole.
That a file was fetched stands in the transaction that keeps it: a kill neither loses nor repeats one. One that changed
at the peer is fetched anew: it becomes the next version of its name.
Invariant: nothing at the peer is changed.
"""

import posixpath
from collections.abc import Callable
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from urllib.parse import unquote, urlsplit

import structlog
import trio

from actors.backoff import retry_delay_s
from actors.file_intake import FileIntake
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from protocols.errors import DeliveryError, StorageFull, UploadRefused
from protocols.fetching import Fetcher, RemoteFile
from protocols.paths import is_temporary, station_of
from protocols.times import ICT
from protocols.uploads import Grant
from protocols.vocabulary import Protocol as Wire
from storage.ids import Ids
from storage.models import PullRow
from storage.partials import Partials
from storage.pulls import pulled
from storage.writer import StoreError, Unit

log = structlog.get_logger()

MOST_BYTES = 16 << 20
WIRES = {"ftp": Wire.FTP, "ftps": Wire.FTP, "sftp": Wire.SFTP}


class Puller:
    """The service `puller:NAME`.

    Args:
        pull: the row as it stands now.
        make_fetcher: the way to the peer.
    """

    def __init__(
        self,
        pull: Callable[[], PullRow],
        now: Now,
        host: Host,
        ids: Ids,
        intake: FileIntake,
        partials: Partials,
        make_fetcher: Callable[[PullRow], Fetcher],
    ) -> None:
        self._pull = pull
        self._now = now
        self._host = host
        self._ids = ids
        self._intake = intake
        self._partials = partials
        self._make_fetcher = make_fetcher
        self._growing: dict[str, int] = {}
        self.visits = self.fetched = self.refused = self.failures = 0
        self.last_error = ""
        self.absent = ""
        """Says which folder does not stand there, where none of the address does."""

    def statistics(self) -> dict[str, float | int | str]:
        """What the console shows."""
        return {
            "visits": self.visits,
            "fetched": self.fetched,
            "refused": self.refused,
            "failures": self.failures,
            "last_error": self.last_error,
        }

    async def run(self, ready: Callable[[], None]) -> None:
        """Visit on schedule, for ever; after a failure sooner, later each time."""
        ready()
        while True:
            try:
                if self._pull().enabled:
                    await self._host(self.visit)
            except (DeliveryError, StoreError, StorageFull) as error:
                self.failures += 1
                self.last_error = error.reason
                log.warning("pull_failed", pull=self._pull().name, reason=error.reason, failures=self.failures)
                await trio.sleep(min(retry_delay_s(self.failures), self._pull().every_s))
                continue
            self.failures, self.last_error = 0, self.absent
            every_s = self._pull().every_s
            await trio.sleep(every_s - self._now() % every_s)

    async def visit(self) -> int:
        """Fetch what is new; returns how many files."""
        pull, count = self._pull(), 0
        fetcher = self._make_fetcher(pull)
        try:
            await fetcher.open()
            folders, present = folders_of(pull, self._now()), 0
            for folder in folders:
                files = await fetcher.listing(folder)
                present += files is not None
                for remote in await self._missing(pull, files or []):
                    if await self._is_whole(pull, fetcher, remote):
                        await self._fetch(pull, fetcher, remote)
                        count += 1
            self._tell_absent(pull, "" if present else folders[-1])
        finally:
            await fetcher.close()
        self.visits += 1
        return count

    def _tell_absent(self, pull: PullRow, folder: str) -> None:
        """No folder of the address stands there: most likely the address is wrong, and nobody else would say so."""
        was, self.absent = self.absent, ""
        if folder:
            self.absent = f"no folder {folder} there: check the path of the pull's url"
            if not was:
                log.warning("pull_no_folder", pull=pull.name, path=folder)

    async def _missing(self, pull: PullRow, listed: list[RemoteFile]) -> list[RemoteFile]:
        wanted = [file for file in listed if fnmatchcase(file.name, pull.pattern) and not is_temporary(file.name)]
        known = await pulled(pull.name, [file.path for file in wanted])
        return [
            file
            for file in wanted
            if known.get(file.path) != (file.size, file.modified_s) and self._is_small(pull, file)
        ]

    def _is_small(self, pull: PullRow, file: RemoteFile) -> bool:
        """No station file is this large: it stays where it is, and the log says so at every visit."""
        if file.size > MOST_BYTES:
            log.warning("pull_too_large", pull=pull.name, path=file.path, size=file.size)
        return file.size <= MOST_BYTES

    async def _is_whole(self, pull: PullRow, fetcher: Fetcher, file: RemoteFile) -> bool:
        """A file that may still be written to is left until it has the same size at two visits, or is old enough."""
        if self._growing.get(file.path) != file.size:
            changed_s = await fetcher.changed_s(file)
            if not 0 < changed_s <= self._now() - pull.settle_s:
                self._growing[file.path] = file.size
                return False
        self._growing.pop(file.path, None)
        return True

    async def _fetch(self, pull: PullRow, fetcher: Fetcher, remote: RemoteFile) -> None:
        part = self._partials.of(pull.name, remote.path, remote.size, remote.modified_s)
        offset = await part.size()
        try:
            async for block in fetcher.read(remote.path, offset):
                await part.append(block)
        except DeliveryError:
            if offset and await part.size() == offset:
                await part.remove()  # the peer may not know how to go on in the middle: begin anew next time
            raise
        data = await part.read()
        if len(data) != remote.size:
            await part.remove()
            raise DeliveryError(f"{remote.path}: {len(data)} bytes came, {remote.size} were listed")
        await self._keep(pull, remote, data)
        await part.remove()

    async def _keep(self, pull: PullRow, remote: RemoteFile, data: bytes) -> None:
        parts = urlsplit(pull.url)
        grant = Grant(f"pull:{pull.name}", parts.hostname or "", WIRES[parts.scheme], tuple(pull.stations))

        def note(unit: Unit, file_id: int) -> None:
            row = (self._ids.take("pulled"), pull.name, remote.path, remote.size, remote.modified_s, file_id)
            unit.add("pulled", (*row, int(self._now() * 1000)))

        try:
            await self._intake.keep(grant, station_of(remote.path, grant.stations), remote.name, data, note)
            self.fetched += 1
        except UploadRefused as refusal:
            self.refused += 1
            log.info("pull_refused", pull=pull.name, path=remote.path, reason=refusal.reason)


def folders_of(pull: PullRow, now_s: float) -> list[str]:
    """The folders to visit, oldest day first; one where the address names no day."""
    path = unquote(urlsplit(pull.url).path)
    moments = [datetime.fromtimestamp(now_s, ICT) - timedelta(days=back) for back in range(pull.look_back_days)]
    days = [path.format(yyyy=f"{at:%Y}", MM=f"{at:%m}", dd=f"{at:%d}") for at in reversed(moments)]
    return [posixpath.normpath(folder) if folder.strip("/") else folder for folder in dict.fromkeys(days)]
