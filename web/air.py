"""The public board of the air quality index: every air station with its newest index, its level, colour and age.

Invariant: a station without a fresh index is shown as having none; no signal is never shown as good air.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from quart import Blueprint, Response

from actors.rules.aqi_table import AqiBand, load_aqi_table
from protocols.times import HOUR_S, day_of, iso, iso_ms
from protocols.vocabulary import Period, StationKind
from storage.models import StationRow
from storage.products import StoredIndex, indexes_in_use
from web.answers import answer
from web.deps import WebDeps
from web.look import Look

FRESH_S = 4 * HOUR_S
"""An hour's index older than this says nothing of now: NowCast itself gives up after three hours."""
POLLUTANTS = {
    "pm25": "PM2.5",
    "pm10": "PM10",
    "o3_1h": "O₃ 1h",
    "o3_8h": "O₃ 8h",
    "co": "CO",
    "so2": "SO₂",
    "no2": "NO₂",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A station on the board; `row` is None where it has no fresh index."""

    station: StationRow
    end_s: int
    row: StoredIndex | None

    @property
    def aqi(self) -> int | None:
        """The index."""
        return None if self.row is None else self.row.aqi


def air_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of the board; anybody may ask."""
    routes = Blueprint("air", __name__)

    @routes.get("/api/v1/aqi")
    async def board() -> Response:
        return answer([board_shape(place) for place in await places(deps.now())])

    @routes.get("/aqi")
    async def page() -> Response:
        table = load_aqi_table(date(*day_of(int(deps.now()))))
        return await look.page(
            "aqi.html", places=[board_shape(place) for place in await places(deps.now())], bands=table.bands,
            pollutants=POLLUTANTS, article=table.article,
        )  # fmt: skip

    return routes


async def places(now_s: float) -> list[Place]:
    """The air stations, the worst first, those without an index last."""
    stations = await StationRow.filter(kind=str(StationKind.AIR)).order_by("name", "code")
    found = await indexes_in_use([row.id for row in stations], Period.HOUR, int(now_s - FRESH_S), int(now_s))
    shown: list[Place] = []
    for station in stations:
        rows = {end_s: row for end_s, row in found.get(station.id, {}).items() if row.aqi is not None}
        end_s = max(rows, default=0)
        shown.append(Place(station, end_s, rows.get(end_s)))
    return sorted(shown, key=lambda place: -1 if place.aqi is None else place.aqi, reverse=True)


def colour(band: AqiBand) -> str:
    """The colour that the document prescribes, as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*band.rgb)


def index_shape(end_s: int, row: StoredIndex, *, is_day: bool = False) -> dict[str, Any]:
    """One index; level and colour are null, and the level's number 0, where there is none. A day has its date."""
    table = load_aqi_table(date(*day_of(end_s - 1)))
    band = None if row.aqi is None else table.band_of(row.aqi)
    return {
        "time": iso(end_s),
        "day": iso(end_s - 1)[:10] if is_day else None,
        "aqi": row.aqi,
        "level": None if band is None else band.name,
        "level_number": 0 if band is None else 1 + table.bands.index(band),
        "colour": None if band is None else colour(band),
        "main": row.main,
        "sub": row.sub,
        "nowcast": row.nowcast,
        "mode": row.mode,
        "version": row.version,
        "made": iso_ms(row.made_ms),
        "reason": row.reason,
    }


def board_shape(place: Place) -> dict[str, Any]:
    """One station of the board."""
    station = place.station
    shown = dict(NONE) if place.row is None else index_shape(place.end_s, place.row)
    shown.pop("day")
    return {"station": station.code, "name": station.name, "lat": station.lat, "lon": station.lon, **shown}


NO_INDEX = StoredIndex(0, None, None, {}, {}, "", 0, "")
NONE = index_shape(0, NO_INDEX) | {"time": None, "mode": None, "version": None, "made": None}
