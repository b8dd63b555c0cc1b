"""A whole console on loopback: real hypercorn, real SQLite, an in-memory board."""

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from actors.board import SourceView
from actors.disasters import Disasters
from actors.hours_desk import HoursDesk
from actors.registration_desk import RegistrationDesk
from actors.review_acts import ReviewOptions
from actors.review_book import EpisodeBook
from actors.review_desk import ReviewDesk
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.shift_book import ShiftBook
from actors.threshold_book import ThresholdBook
from actors.threshold_desk import ThresholdDesk
from actors.vehicle import VehicleActor
from conf.qc_tables import QC_TABLES
from protocols.vocabulary import ActorState, DeliveryState, Flag, Freshness, ReviewAction, SampleState
from storage.archive import Archive
from storage.database import Database
from storage.drift import DriftReport, drift_days, drift_tickets
from storage.ids import load_ids
from storage.models import AuditRow, FileRow, OutFileRow, SampleRow, StationRow, TokenRow, UserRow, VehicleRow, ZoneRow
from storage.queries import Queries
from storage.traffic_cases import TrafficCases
from storage.traffic_sums import TrafficSums
from tests.actors.listed import Listed
from tests.storage.blank import open_blank
from tests.web.fakes import NOW_S, FakeBoard, FakeControls, make_source
from web.app import create_app
from web.deps import ReviewFaces, TrafficReads, WebDeps
from web.options import WebOptions
from web.serving import serve

PASSWORDS = {"an": "operator-word", "lan": "viewer-word", "admin": "admin-word", "duyet": "reviewer-word"}
URGENT: set[int] = set()
"""Stations of a disaster area; a test that adds one takes it out."""


class PlainUsers:
    """People whose passwords are compared as they are; the real hashing has tests of its own."""

    async def verify_user(self, name: str, password: str) -> UserRow | None:
        return await UserRow.get_or_none(name=name, password_hash=f"plain:{password}")

    async def make_token(self, user: UserRow, name: str) -> str:
        token = secrets.token_urlsafe(16)
        digest = sha256(token.encode()).hexdigest()
        await TokenRow.create(user_id=user.id, name=name, digest=digest, created_ms=int(NOW_S * 1000))
        return token

    async def user_of_token(self, token: str) -> UserRow | None:
        row = await TokenRow.get_or_none(digest=sha256(token.encode()).hexdigest())
        return None if row is None else await UserRow.get_or_none(id=row.user_id)


class KeptDrift:
    """Drift of COD as it is kept; judging it has tests of its own."""

    async def report(self, station_id: int, parameter: str, from_s: int, to_s: int) -> DriftReport | None:
        if parameter != "COD":
            return None
        days = await drift_days(station_id, parameter, from_s, to_s)
        return DriftReport(parameter, 0, days, await drift_tickets(station_id, parameter, from_s, to_s), [])

    async def looked_at(self, station_id: int) -> list[str]:
        return ["COD"]


class NoSamplers:
    """No station has a sampler here."""

    async def ask(self, station: StationRow, who: str, reason: str, bottle: str) -> int:
        raise ValueError(f"{station.code} has no sampler: {who}, {reason}, {bottle}")

    async def answer(self, row: SampleRow, state: SampleState, text: str) -> None:
        raise AssertionError(f"{row.id} is {state}: {text}")


class NoRetention:
    """An empty archive."""

    def begin(self, until_s: int | None, expire: bool, who: str) -> bool:
        raise AssertionError(f"{who} archives until {until_s}, {expire}")

    def view(self) -> dict[str, Any]:
        return {"files": 0}


class NoAnswers:
    """A desk of notices at which nobody stands."""

    async def answer(self, notice_id: int, who: str, text: str) -> None:
        raise AssertionError(f"{who} answers {notice_id}: {text}")

    async def try_again(self, letter_id: int) -> None:
        raise AssertionError(f"letter {letter_id} is sent again")


@dataclass
class House:
    """What a test holds in its hands."""

    board: FakeBoard
    controls: FakeControls
    database: Database
    heads: dict[int, int]
    port: int
    stop: asyncio.Event
    served: asyncio.Task[None]
    clock_s: list[float]
    disasters: Disasters
    fleet: list[VehicleActor]
    """The vehicles that run; the map shows them."""
    zones: list[ZoneRow]
    archive: Archive

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def client(self, name: str = "an") -> AsyncGenerator[httpx.AsyncClient]:
        """A client that is signed in and sends its CSRF token."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=10) as client:
            if name:
                answer = await client.post("/api/v1/login", json={"username": name, "password": PASSWORDS[name]})
                client.headers["X-CSRF-Token"] = answer.json()["csrf"]
            yield client


def some_sources() -> list[SourceView]:
    """A small province with something wrong in it."""
    return [
        make_source("station:TB_COFF_NUOCTH", "wastewater", "Trạm nước thải Cà Phê"),
        make_source(
            "station:TB_XMNG_KHI001", "emission", "Ống khói Xi Măng", freshness=Freshness.SILENT,
            last_seen_s=NOW_S - 5400, last_time_s=int(NOW_S) - 5520, deadline_s=NOW_S - 5000, completeness_24h=0.71,
        ),
        make_source(
            "station:TB_SONG_NUOCMT", "surface_water", "Sông Luộc", freshness=Freshness.LATE, completeness_24h=0.93,
            worst_flag=Flag.SUSPECT,
        ),
        make_source(
            "station:TB_KHIN_KHI002", "air", "Không khí Phố Hiến", actor=ActorState.QUARANTINED, exceeding=True,
        ),
        make_source(
            "station:TB_MOII_NUOC01", "ground_water", "Giếng Mới", freshness=Freshness.NEVER_SEEN, last_seen_s=None,
            last_time_s=None, deadline_s=None, completeness_24h=None, worst_flag=None,
        ),
        *(
            make_source(f"vehicle:29B{n:05}", "vehicle", f"29B{n:05}", completeness_24h=None, worst_flag=None,
                        delivery=DeliveryState.QUEUED if n == 3 else DeliveryState.CURRENT, queued=6 if n == 3 else 0)
            for n in range(1, 9)
        ),
    ]  # fmt: skip


@asynccontextmanager
async def open_house(folder: Path, **options: str) -> AsyncGenerator[House]:
    """Open a database, fill in people and sources, serve."""
    database = await open_blank(folder)
    try:
        for name, role in (("an", "operator"), ("lan", "viewer"), ("admin", "admin"), ("duyet", "reviewer")):
            password_hash = f"plain:{PASSWORDS[name]}"
            await UserRow.create(name=name, role=role, password_hash=password_hash, created_ms=int(NOW_S * 1000))
        await StationRow.create(id=1, code="TB_COFF_NUOCTH", name="Trạm nước thải Cà Phê", kind="wastewater")
        await VehicleRow.create(id=1, plate="29B00001", provider="gps1", company="Vận tải Sông Hồng", registered=True)
        async with _serving(database, Archive(folder), options) as house:
            yield house
    finally:
        await database.close()


async def make_review(database: Database, board: FakeBoard, clock_s: list[float]) -> ReviewFaces:
    """The real desk over the real tables; what it tells is pushed."""

    def now() -> float:
        return clock_s[0]

    def told(episode_id: int, action: ReviewAction, who: str) -> None:
        task = asyncio.ensure_future(
            board.push("review", {"episode": str(episode_id), "action": str(action), "who": who})
        )
        tellings.add(task)
        task.add_done_callback(tellings.discard)

    tellings: set[asyncio.Future[None]] = set()
    ids = await load_ids(database)
    desk = ReviewDesk(now, database, ids, EpisodeBook(now, ids), lambda: None, told, ReviewOptions())
    return ReviewFaces(desk, ShiftBook(now, database, ids), lambda: URGENT)


LIMIT_BOOK = LimitBook(load_limits())


@asynccontextmanager
async def _serving(database: Database, archive: Archive, options: dict[str, str]) -> AsyncGenerator[House]:
    fleet: list[VehicleActor] = []
    zones: list[ZoneRow] = []
    await archive.load()
    board, heads, clock_s = FakeBoard(some_sources()), dict[int, int](), [NOW_S]
    controls = FakeControls(board)

    async def no_actors() -> None:
        """Nobody runs here who could be rebuilt."""

    book = ThresholdBook(database, [], QC_TABLES, lambda: clock_s[0])

    async def audit(user: str, action: str, target: str, detail: str) -> None:
        number = await AuditRow.all().count() + 1
        await AuditRow.create(
            id=number, at_ms=int(clock_s[0] * 1000), user=user, action=action, target=target, detail=detail
        )

    async def retry(name: str, file_id: int) -> bool:
        return bool(await OutFileRow.filter(id=file_id, state="refused").update(state="waiting"))

    async def raw(row: FileRow) -> bytes:
        return row.body or b""

    disasters = Disasters(lambda: clock_s[0], database, await load_ids(database), dict, lambda actor: None)
    app = create_app(
        WebDeps(
            board=board,
            controls=controls,
            queries=Queries(database, lambda vehicle_id: heads.get(vehicle_id, 0), archive=archive),
            vehicles=Listed(fleet),
            zones=lambda: zones,
            limit_at=lambda vehicle_id, waypoint: 50.0 if waypoint.x_lon > 105.8 else None,
            users=PlainUsers(),
            audit=audit,
            thresholds=ThresholdDesk(database, book, no_actors, lambda: clock_s[0]),
            drift=KeptDrift(),
            notices=NoAnswers(),
            samplers=NoSamplers(),
            disasters=disasters,
            retention=NoRetention(),
            registrations=RegistrationDesk(database, no_actors, lambda: clock_s[0]),
            raw_reader=raw,
            now=lambda: clock_s[0],
            retry_file=retry,
            options=WebOptions(secret_key=b"k" * 32, port=0, server_name="Sở NNMT", **options),  # type: ignore[arg-type]
            traffic=TrafficReads(TrafficSums(database), TrafficCases(database)),
            review=await make_review(database, board, clock_s),
            hours=HoursDesk(lambda: clock_s[0], LIMIT_BOOK, board.stretches.get),
            article=LIMIT_BOOK.article,
        )
    )
    stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def until_stopped() -> None:
        await stop.wait()

    served = asyncio.create_task(serve(app, WebOptions(secret_key=b"k" * 32, port=0), until_stopped, port.set_result))
    try:
        yield House(
            board, controls, database, heads, await port, stop, served, clock_s, disasters, fleet, zones, archive
        )
    finally:
        stop.set()
        await asyncio.wait_for(served, 10)
