"""The wing of loggers' own servers, wired: a puller per server, and the samplers that can be told to act."""

import orjson

from actors.file_intake import FileIntake
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.puller import Puller
from actors.samplers import Samplers
from conf.settings import Settings
from protocols.formats.sampler import build_command
from protocols.letters.webhook import post_webhook
from protocols.times import iso_ms
from server.forwards import make_fetcher, sender_to
from storage.ids import Ids
from storage.models import PullRow, SampleRow, StationRow
from storage.partials import Partials
from storage.pulls import pulls
from storage.writer import Writer


class Fetching:
    """Pullers by name; `make_missing` follows the inventory."""

    def __init__(self, settings: Settings, now: Now, host: Host, writer: Writer, ids: Ids, intake: FileIntake) -> None:
        self._now = now
        self._host = host
        self._ids = ids
        self._intake = intake
        self._partials = Partials(settings.server.data_dir / "pulls")
        self._public_url = settings.notices.public_url.rstrip("/")
        self._rows: dict[str, PullRow] = {}
        self._pullers: dict[str, Puller] = {}
        self.samplers = Samplers(now, host, writer, ids, self._tell)
        intake.answered = self.samplers.in_file

    async def make_missing(self) -> list[ChildSpec]:
        """Read the rows again; a puller for every server that has none yet."""
        self._rows = {row.name: row for row in await pulls()}
        specs = []
        for name, row in self._rows.items():
            if row.enabled and name not in self._pullers:
                puller = self._pullers[name] = self._make(name)
                specs.append(ChildSpec(f"puller:{name}", name, puller.run, puller.statistics))
        return specs

    def samplers_spec(self) -> ChildSpec:
        """The samplers' clock."""
        told = self.samplers
        return ChildSpec("clock:samplers", "samplers", told.run, lambda: {"told": told.told, "failed": told.failed})

    def _make(self, name: str) -> Puller:
        return Puller(
            lambda: self._rows[name], self._now, self._host, self._ids, self._intake, self._partials, make_fetcher
        )

    async def _tell(self, station: StationRow, row: SampleRow) -> None:
        sampler = station.sampler or {}
        if row.channel == "file":
            command = build_command(station.code, row.id, row.asked_ms // 1000, row.bottle, row.reason)
            sender = sender_to(str(sampler["url"]))
            try:
                await sender.open()
                await sender.deliver(command.name, command.body)
            finally:
                await sender.close()
            return
        document = {
            "sample": str(row.id),
            "station": station.code,
            "asked": iso_ms(row.asked_ms),
            "asked_by": row.asked_by,
            "reason": row.reason,
            "bottle": row.bottle,
            "due": iso_ms(row.due_ms),
            "answer_to": f"{self._public_url}/s/{row.token}",
        }
        body = orjson.dumps(document)
        await post_webhook(str(sampler["url"]), str(sampler.get("secret", "")), body, f"sample-{row.id}")
