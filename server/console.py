"""The console as a service: the Quart app on hypercorn, given the faces it is written against."""

from collections.abc import Callable

from actors.kernel.actor import ChildSpec
from actors.kernel.loops import Stopped
from actors.registration_desk import RegistrationDesk
from actors.threshold_desk import ThresholdDesk
from conf.settings import Settings
from server.house import House
from server.lifecycle import Ports
from server.opening import session_key
from server.retention import RetentionDesk
from storage.database import Database
from storage.models import UserRow
from storage.queries import Queries
from storage.traffic_cases import TrafficCases
from storage.traffic_sums import TrafficSums
from storage.users import Users
from storage.writer import Unit
from web.app import create_app
from web.deps import ReviewFaces, TrafficReads, WebDeps
from web.options import WebOptions
from web.serving import serve


class ConsoleUsers:
    """The people at the console, writing under the pen."""

    def __init__(self, database: Database, users: Users) -> None:
        self._database = database
        self._users = users

    async def verify_user(self, name: str, password: str) -> UserRow | None:
        """Judge a login."""
        return await self._users.verify_user(name, password)

    async def make_token(self, user: UserRow, name: str) -> str:
        """Make a bearer token."""
        async with self._database.writing():
            return await self._users.make_token(user, name)

    async def user_of_token(self, token: str) -> UserRow | None:
        """Whose token it is."""
        return await self._users.user_of_token(token)


class Console:
    """Builds and runs the web console."""

    def __init__(self, settings: Settings, database: Database, house: House, users: Users, ports: Ports) -> None:
        self._settings = settings
        self._database = database
        self._house = house
        self._users = users
        self._ports = ports
        self._port = settings.web.bind.port

    def spec(self) -> ChildSpec:
        """The child spec."""
        return ChildSpec("console", "HTTP", self.run, lambda: {"port": self._port})

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until cancelled."""
        settings, house = self._settings, self._house
        queries = Queries(self._database, house.world.head_of, house.writer.flush, house.archive)
        options = WebOptions(
            secret_key=session_key(settings.server.data_dir),
            host=settings.web.bind.host,
            port=self._port,
            tls_certificate=settings.web.tls_certificate,
            tls_key=settings.web.tls_key,
            server_name=settings.server.name,
            language=settings.server.language,
            tiles_url=settings.web.tiles_url,
            tiles_attribution=settings.web.tiles_attribution,
        )
        deps = WebDeps(
            board=house.panel,
            controls=house.controls,
            queries=queries,
            users=ConsoleUsers(self._database, self._users),
            audit=self._audit,
            notices=house.notices.desk,
            samplers=house.fetching.samplers,
            thresholds=ThresholdDesk(self._database, house.thresholds, house.watch.refresh, house.now),
            drift=house.night.drift,
            disasters=house.beyond.disasters,
            retention=RetentionDesk(house.retention, house.archive, house.counters.get),
            registrations=RegistrationDesk(self._database, house.watch.refresh, house.now),
            raw_reader=house.files.bytes_of,
            now=house.now,
            options=options,
            vehicles=house.world.vehicles,
            limit_at=house.world.limit_at,
            zones=house.world.zones,
            retry_file=house.forwarders.retry,
            traffic=TrafficReads(TrafficSums(self._database), TrafficCases(self._database)),
            review=ReviewFaces(house.review.desk, house.review.shifts, house.review.urgent, house.review.options),
            hours=house.driving.desk(house.panel.stretch),
            article=house.driving.book.article,
        )
        app = create_app(deps)

        def listening(port: int) -> None:
            self._port = port
            self._ports.opened("web", port)
            ready()

        async def run(stopped: Stopped) -> None:
            async def shutdown() -> None:
                await stopped()

            await serve(app, options, shutdown, listening)

        await house.bridge.serve(run)

    async def _audit(self, user: str, action: str, target: str, detail: str) -> None:
        house = self._house
        row = (house.ids.take("audit_log"), int(house.now() * 1000), user, action, target, detail[:300])
        await house.writer.store(Unit(rows={"audit_log": [row]}))
