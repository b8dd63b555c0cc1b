"""Simulated providers: each gathers the reports of its vehicles and publishes them over AMQP.

Vehicles are spread over the period, so every second a share of them is due and goes in one batch. What is not confirmed
waits and goes first when the server is back: a provider keeps its data, in order of time.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from protocols.amqp.publisher import AmqpPublisher, PublisherOptions
from protocols.errors import DeliveryError
from protocols.formats.ufms import build_waypoint
from server.simulator.parts import vehicle_part
from server.simulator.roads import province_roads
from server.simulator.trackers import Tracker
from storage.entries import Inventory, ProviderEntry

PERIOD_S = 10
"""Seconds between two reports of a moving vehicle in life."""
RETRY_S = 1.0
BATCH = 2_000
MEMORY = 1_000_000


@dataclass(slots=True)
class WaypointTally:
    """What became of the waypoints."""

    confirmed: int = 0
    refused: int = 0
    reconnects: int = 0


@dataclass(slots=True)
class SimulatedProvider:
    """One provider: its trackers, its connection, and the messages that wait."""

    options: PublisherOptions
    trackers: Sequence[Tracker]
    period_s: int
    tally: WaypointTally
    _waiting: deque[bytes] = field(default_factory=lambda: deque[bytes](maxlen=MEMORY))

    async def run(self, now: Callable[[], float]) -> None:
        """Report and publish until cancelled; reconnect where the line breaks."""
        while True:
            publisher = AmqpPublisher(self.options)
            try:
                await publisher.open()
                await self._publish(publisher, now)
            except DeliveryError:
                self.tally.reconnects += 1
                await asyncio.sleep(RETRY_S)
            finally:
                await publisher.close()

    async def _publish(self, publisher: AmqpPublisher, now: Callable[[], float]) -> None:
        while True:
            time_s = int(now())
            self._gather(time_s)
            while self._waiting:
                batch = [self._waiting[index] for index in range(min(BATCH, len(self._waiting)))]
                result = await publisher.send(batch)
                self.tally.confirmed += result.confirmed
                self.tally.refused += len(result.refused)
                for _ in batch:
                    self._waiting.popleft()
            await asyncio.sleep(max(0.0, time_s + 1 - now()))

    def _gather(self, time_s: int) -> None:
        for tracker in self.trackers[time_s % self.period_s :: self.period_s]:
            waypoint = tracker.report(time_s)
            if waypoint is not None:
                self._waiting.append(build_waypoint(waypoint))


def cast_providers(inventory: Inventory, amqp_port: int, speed: float, tally: WaypointTally) -> list[SimulatedProvider]:
    """Make the providers of an inventory, each with its vehicles."""
    roads = province_roads()
    trackers: dict[str, list[Tracker]] = {provider.username: [] for provider in inventory.providers}
    for index, vehicle in enumerate(inventory.vehicles):
        trackers[vehicle.provider].append(Tracker(vehicle.plate, vehicle_part(index), roads, Random(vehicle.plate)))
    return [
        SimulatedProvider(
            _line(provider, amqp_port), trackers[provider.username], max(1, round(PERIOD_S / speed)), tally
        )
        for provider in inventory.providers
    ]


async def run_providers(providers: Sequence[SimulatedProvider], now: Callable[[], float]) -> None:
    """Run all providers until cancelled."""
    async with asyncio.TaskGroup() as group:
        for provider in providers:
            group.create_task(provider.run(now))


def _line(provider: ProviderEntry, amqp_port: int) -> PublisherOptions:
    return PublisherOptions(
        host="127.0.0.1",
        port=amqp_port,
        username=provider.username,
        password=provider.password,
        exchange=provider.exchanges[0],
        routing_key="track1",
    )
