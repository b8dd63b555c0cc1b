"""The page of exceedances of all stations: what goes on now, worst first, and what ended lately."""

from collections.abc import Sequence

from quart import Blueprint, Response

from protocols.vocabulary import ExceedanceState
from storage.exceedances import all_exceedances, station_codes
from storage.models import ExceedanceRow
from web.limits import exceedance_shape
from web.look import Look

SHOWN = 200
ENDED_SHOWN = 50
WORST_FIRST = (ExceedanceState.EXCEEDING, ExceedanceState.AWAITING_VERIFICATION, ExceedanceState.APPROACHING)


def exceedance_page_routes(look: Look) -> Blueprint:
    """The route of the page."""
    routes = Blueprint("exceedance_page", __name__)

    @routes.get("/exceedances")
    async def exceedances() -> Response:
        running, count = await all_exceedances("", SHOWN, 0)
        ended, _ = await all_exceedances(ExceedanceState.ENDED, ENDED_SHOWN, 0)
        codes = await station_codes({row.station_id for row in (*running, *ended)})
        return await look.page(
            "exceedances.html",
            count=count,
            running=[exceedance_shape(row, codes.get(row.station_id, "")) for row in worst_first(running)],
            ended=[exceedance_shape(row, codes.get(row.station_id, "")) for row in ended],
        )

    return routes


def worst_first(rows: Sequence[ExceedanceRow]) -> list[ExceedanceRow]:
    """Sure ones before doubtful ones before those that only come near; of equals the newest."""
    return sorted(rows, key=lambda row: (WORST_FIRST.index(ExceedanceState(row.state)), -row.start_s))
