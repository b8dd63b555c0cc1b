"""What looks beyond one station: the outer tests and their clock, areas and their disasters."""

import asyncio
from collections.abc import Callable, Sequence

from actors.disasters import Disasters
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.outer_network import Network, SeriesFacts, WorkRule, build_network
from actors.rules.defaults import Element
from actors.spatial_clock import WATERMARK, SpatialClock
from actors.station import StationActor
from actors.world import World
from storage.database import Database
from storage.ids import Ids
from storage.series_facts import inventory_facts
from storage.writer import Writer


class Beyond:
    """The parts of this floor.

    Args:
        counted: the stored value of a counter or watermark.
        touched: called when hours must be averaged again.
        look: lets an actor look at the clock again.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        elements: Sequence[Element],
        database: Database,
        world: World,
        counted: Callable[[str], int],
        touched: Callable[[], None],
        look: Callable[[StationActor], None],
    ) -> None:
        self._elements = elements
        self.clock = SpatialClock(now, host, writer, ids, self._network, lambda: counted(WATERMARK), touched)
        self.clock.first_stations = self.struck
        self.disasters = Disasters(now, database, ids, lambda: world.stations, look, touched)

    def neighboured(self) -> frozenset[tuple[int, str]]:
        """The series that have neighbours enough for the spatial test."""
        return self.clock.neighboured

    def struck(self) -> frozenset[int]:
        """The stations of disaster areas: judged and shown first."""
        return self.disasters.struck()

    async def inventory_changed(self) -> None:
        """An import was taken over; called before the actors it concerns are made anew."""
        await self.disasters.load()
        self.clock.inventory_changed()

    def specs(self) -> list[ChildSpec]:
        """Its services."""
        return [ChildSpec("clock:spatial", "tests beyond a station", self.clock.run, self.clock.statistics)]

    async def _network(self) -> Network:
        """Build the network beside the loop: of 1,400 stations it takes seconds."""
        stations, parameters, works = await inventory_facts()
        places = {row.id: row for row in stations}
        series: list[SeriesFacts] = []
        for row in parameters:
            if (at := places.get(row.station_id)) is not None:
                place = (at.id, at.code, at.kind, at.lat, at.lon, at.elevation_m, at.cadence_s)
                series.append(SeriesFacts(*place, row.symbol, row.unit, row.qc))
        rules = [work_rule(row.name, rule) for row in works for rule in row.rules]
        return await asyncio.to_thread(build_network, series, self._elements, rules)


def work_rule(work: str, table: dict[str, object]) -> WorkRule:
    """A rule of a work as the inventory writes it: `{ rule = "htl_hhl", htl = "A/HTL", hhl = "B/HHL" }`."""
    places = {role: str(place).rpartition("/") for role, place in table.items() if role != "rule"}
    return WorkRule(work, str(table["rule"]), {role: (code, symbol) for role, (code, _, symbol) in places.items()})
