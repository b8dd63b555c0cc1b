"""The notices' wing, wired: what stands, the clock that writes letters, the postman who sends them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from actors.board import ForwardView
from actors.exceeding import level_now
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.notices.clock import EMAIL, NoticeClock, NoticeOptions
from actors.notices.desk import NoticeDesk
from actors.notices.digest import Sign
from actors.notices.postman import Postman
from actors.notices.signs import Signs
from actors.notices.tendencies import Tendencies
from actors.provider_watch import PROVIDER, Silence
from actors.rules.exceedance import is_beyond
from actors.station import StationActor
from actors.world import World
from conf.settings import Settings
from protocols.letters.mail import MailOptions, build_mail, send_mail
from protocols.letters.webhook import post_webhook
from protocols.times import iso_ms
from protocols.vocabulary import Cause, DeliveryState, DestinationKind, ExceedanceLevel, Freshness
from server.forwarders import Forwarders
from storage.ids import Ids
from storage.models import LetterRow, RecipientRow, TicketRow
from storage.notices import doubtful_since, recipients
from storage.writer import Writer

STATION, FORWARDER = "station:", "forwarder:"
OLDEST_S = 3600.0
"""A destination that owes something older than this is told of, though it refuses nothing."""


class Notices:
    """Builds and holds the parts; `services` are started with the clocks, `told` is fed after each commit."""

    def __init__(
        self, settings: Settings, now: Now, host: Host, writer: Writer, ids: Ids, world: World, forwarders: Forwarders
    ) -> None:
        given = settings.notices
        self._now = now
        self._world = world
        self._forwarders = forwarders
        self._calm_ms = given.calm_s * 1000
        self._mail = MailOptions(
            given.smtp_host,
            given.smtp_port,
            given.smtp_security,
            given.smtp_username,
            given.smtp_password,
            given.sender,
        )
        options = NoticeOptions(
            settings.server.name, given.public_url, given.gather_s, given.calm_s, given.repeat_s, given.answer_s
        )
        self.signs = Signs(now, self._code_of, self._calm_ms)
        self.postman = Postman(now, host, writer, self._send)
        self.clock = NoticeClock(
            now,
            host,
            writer,
            ids,
            options,
            self._standing,
            self._concerns,
            self._name_of,
            self.postman.posted,
            self._recall,
        )

        self.desk = NoticeDesk(now, writer, ids, self.clock, self.postman)
        self.means_beyond: Callable[[int], Mapping[str, Sequence[str]]] = lambda station_id: {}
        """The parameters whose means are beyond their limits, each with its averagings."""
        self.tending: Callable[[int], Collection[str]] = lambda station_id: ()
        """The parameters whose values tend to pass their limits."""
        self.silent_providers: Callable[[], Mapping[str, Silence]] = dict
        self._tendencies = Tendencies()

    def join(self, lacks_data: Callable[[StationActor], bool], late_tickets: Callable[[], Sequence[TicketRow]]) -> None:
        """What manual quality control knows: silences by the watchdog, questions that nobody answered."""
        self._lacks_data, self._late_tickets = lacks_data, late_tickets

    def services(self) -> list[ChildSpec]:
        """The clock and the postman."""
        return [
            ChildSpec("clock:notices", "notices", self.clock.run, self._clock_statistics),
            ChildSpec("postman", "letters", self.postman.run, self._post_statistics),
        ]

    def _clock_statistics(self) -> dict[str, float | int | str]:
        return {"open": self.clock.open, "letters": self.clock.letters}

    def _post_statistics(self) -> dict[str, float | int | str]:
        return {"sent": self.postman.sent, "failed": self.postman.failed, "last_error": self.postman.last_error}

    async def _recall(self) -> None:
        self.signs.recall(await doubtful_since(int(self._now() * 1000) - self._calm_ms))

    def _code_of(self, station_id: int) -> str | None:
        profile = self._world.profiles.get(station_id)
        return None if profile is None else profile.code

    def _name_of(self, source: str) -> str:
        return self._world.names.get(source.partition(":")[2], "")

    def _concerns(self, recipient: RecipientRow, source: str) -> bool:
        """Whether a recipient answers for a source: named (also by area), or of its kind, or it answers for all.

        A provider's vehicles are everywhere: of those only who answers for all is told.
        """
        code = source.partition(":")[2]
        if source.startswith(FORWARDER):
            return True
        if not (recipient.stations or recipient.kinds or recipient.areas):
            return True
        if source.startswith(PROVIDER):
            return False
        if code in recipient.stations:
            return True
        station = self._world.stations.get(code)
        return station is not None and station.profile.kind in recipient.kinds

    def _standing(self, cause: Cause) -> Mapping[str, Sign]:
        match cause:
            case Cause.MISSING:
                return self._missing()
            case Cause.DESTINATION:
                return self._blocked()
            case Cause.EXCEEDING:
                return self._exceeding()
            case Cause.TENDENCY:
                return self._tending()
            case Cause.VERIFICATION:
                return self._unanswered()
            case Cause.ABNORMAL | Cause.FAILED:
                return self.signs.standing(cause)

    def _missing(self) -> dict[str, Sign]:
        """Stations that are silent by their grace or by the watchdog, whichever is over first, and providers."""
        found = {
            PROVIDER + name: Sign(since_ms, f"{vehicles} vehicles")
            for name, (since_ms, vehicles) in self.silent_providers().items()
        }
        for code, actor in self._world.stations.items():
            if actor.freshness is Freshness.SILENT or self._lacks_data(actor):
                last = iso_ms(actor.last_seen_ms)
                found[STATION + code] = Sign(actor.last_seen_ms, f"{last[11:16]} {last[8:10]}/{last[5:7]}")
        return found

    def _unanswered(self) -> dict[str, Sign]:
        """Stations that were asked for a verification and did not answer in time."""
        found = dict[str, Sign]()
        for ticket in self._late_tickets():
            profile = self._world.profiles.get(ticket.station_id)
            if profile is not None:
                detail = f"{ticket.parameter} {ticket.question[:100]} ({ticket.asked_by})".strip()
                found.setdefault(STATION + profile.code, Sign(ticket.due_ms, detail))
        return found

    def _exceeding(self) -> dict[str, Sign]:
        """Stations whose last values or means are over a limit; a silent one is missing, whatever it said last."""
        now_ms, found = int(self._now() * 1000), dict[str, Sign]()
        for code, actor in self._world.stations.items():
            if actor.freshness is Freshness.SILENT:
                continue
            over = [symbol for symbol, series in actor.series.items() if is_beyond(level_now(actor, series))]
            means = self.means_beyond(actor.profile.station_id)
            over += [f"{symbol} ({', '.join(averagings)})" for symbol, averagings in means.items()]
            if over:
                found[STATION + code] = Sign(now_ms, ", ".join(over))
        return found

    def _tending(self) -> dict[str, Sign]:
        """Stations with values that tend to pass a limit; nothing where no limit asks for tendencies."""
        now_ms, found = int(self._now() * 1000), dict[str, Sign]()
        for code, actor in self._world.stations.items():
            silent = actor.freshness is Freshness.SILENT
            tending = () if silent else self.tending(actor.profile.station_id)
            sign = self._tendencies.look(code, tending, partial(_levels, actor, silent), now_ms)
            if sign is not None:
                found[STATION + code] = sign
        return found

    def _blocked(self) -> dict[str, Sign]:
        now_ms = int(self._now() * 1000)
        return {
            FORWARDER + name: Sign(now_ms - int((view.oldest_age_s or 0) * 1000), view.last_error[:200])
            for name, ask in self._forwarders.views().items()
            if _is_blocked(view := ask())
        }

    async def _send(self, letter: LetterRow) -> None:
        now_s = self._now()
        letter_id = f"trambox-{letter.notice_id}-{letter.id}"
        if letter.channel == EMAIL:
            message = build_mail(self._mail, letter.address, letter.subject, letter.body, letter_id, now_s)
            await send_mail(self._mail, message)
            return
        secret = next((row.webhook_secret for row in await recipients() if row.webhook == letter.address), "")
        await post_webhook(letter.address, secret, letter.body.encode(), letter_id)


def _levels(actor: StationActor, silent: bool) -> dict[str, ExceedanceLevel]:
    """How the last values stand; what a silent station said last says nothing about now."""
    return {} if silent else {symbol: level_now(actor, series) for symbol, series in actor.series.items()}


def _is_blocked(view: ForwardView) -> bool:
    """Refused, or something waits too long: a waypoint over its deadline (TT 09/2015: 2 minutes), a file an hour."""
    longest_s = view.deadline_s if view.kind == DestinationKind.WAYPOINTS and view.deadline_s else OLDEST_S
    return view.state is DeliveryState.REFUSED or (view.oldest_age_s or 0) > longest_s
