"""Writes the readable copies `<station>/yyyy/mm/dd/<name>` right behind the journal, and repairs them at start.

Invariant: the watermark passes a file only once its copy is in the tree, or can never be.
"""

import asyncio

import structlog

from actors.file_intake import KeptFile
from protocols.errors import StorageFull, UploadError
from storage.files import FileJournal
from storage.rawfiles import RawFiles
from storage.writer import Unit, Writer

log = structlog.get_logger()

WATERMARK = "projected.files"


class Projection:
    """A queue between the commit and the disk; `settled` waits until the tree shows everything."""

    def __init__(self, files: RawFiles, writer: Writer) -> None:
        self._files = files
        self._writer = writer
        self._queue: list[KeptFile] = []
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task: asyncio.Task[None] | None = None
        self.trouble = ""

    def add(self, kept: KeptFile) -> None:
        """Take a stored file."""
        if self._task is not None and self._task.done():
            return  # a bug ended the queue: the next start repairs the tree from the journal
        self._queue.append(kept)
        self._idle.clear()
        self._wake.set()

    async def settled(self) -> None:
        """Wait until what was added is in the tree."""
        await self._idle.wait()

    async def open(self, journal: FileJournal) -> None:
        """Repair the tree from the journal, then follow it."""
        after = await journal.counter(WATERMARK)
        self._task = asyncio.create_task(self._run(), name="projection")
        self._task.add_done_callback(self._ended)
        async for batch in journal.stored_after(after):
            for kept in batch:
                self.add(KeptFile(*kept))
            await self.settled()  # one batch in memory, not the whole journal

    async def close(self) -> None:
        """Write what waits and stop."""
        await self.settled()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A bug must not hold up those who wait for the tree: the journal has every byte."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("projection_died", exc_info=error)
            self.trouble = f"the projection died: {error}"
            self._queue.clear()
            self._idle.set()

    async def _run(self) -> None:
        while True:
            if not self._queue:
                self._idle.set()
                self._wake.clear()
                await self._wake.wait()
            batch, self._queue = self._queue, []
            try:
                await asyncio.to_thread(self._write, batch)
            except (OSError, StorageFull) as error:
                if not self.trouble:
                    log.error("projection_trouble", reason=str(error))
                self.trouble = str(error)
                self._queue = batch + self._queue
                self._idle.set()
                await asyncio.sleep(1)
                continue
            self.trouble = ""
            unit = Unit()
            unit.mark(WATERMARK, batch[-1].file_id)
            self._writer.add(unit)

    def _write(self, batch: list[KeptFile]) -> None:
        for kept in batch:
            try:
                if kept.big_path:
                    self._files.show_big(kept.big_path, kept.code, kept.day, kept.name)
                else:
                    self._files.write(kept.code, kept.day, kept.name, kept.data)
            except StorageFull:  # tried again: there will be room
                raise
            except UploadError as error:  # something of another kind is in the way: the bytes stand in the journal
                log.error("projection_skipped", file=kept.file_id, code=kept.code, name=kept.name, reason=str(error))
