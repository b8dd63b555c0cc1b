"""Reads the board into Prometheus families each time it is scraped; nothing is counted here."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from actors.board import Board
from protocols.vocabulary import ActorState


class BoardCollector(Collector):
    """The board as metrics."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def describe(self) -> Iterator[Metric]:
        """Name nothing ahead of time: registering must not ask the board."""
        return iter(())

    @override
    def collect(self) -> Iterator[Metric]:
        """Ask the board."""
        yield from self._balance()
        yield from self._forwards()
        yield from self._services()
        yield from self._sources()

    def _balance(self) -> Iterator[Metric]:
        balance = self._board.balance()
        items = CounterMetricFamily("trambox_items", "Items that arrived, by fate.", labels=("stream", "fate"))
        for stream, fates in (("files", balance.files), ("waypoints", balance.waypoints)):
            for fate, value in fates.items():
                items.add_metric((stream, fate), value)
        yield items
        outgoing = GaugeMetricFamily(
            "trambox_destination_items", "Items owed to a destination, by part.", labels=("destination", "part")
        )
        for name, parts in balance.destinations.items():
            for part, value in parts.items():
                outgoing.add_metric((name, part), value)
        yield outgoing
        yield GaugeMetricFamily("trambox_balanced", "1 where every item has one fate.", value=float(balance.balanced))

    def _forwards(self) -> Iterator[Metric]:
        labels = ("destination",)
        queued = GaugeMetricFamily("trambox_destination_queued", "Items that wait for a destination.", labels=labels)
        oldest = GaugeMetricFamily(
            "trambox_destination_oldest_age_seconds", "Age of the oldest of them.", labels=labels
        )
        p99 = GaugeMetricFamily(
            "trambox_destination_p99_seconds", "99th percentile of today, receipt to confirm.", labels=labels
        )
        p50 = GaugeMetricFamily(
            "trambox_destination_p50_seconds", "Median of today, receipt to confirm.", labels=labels
        )
        misses = GaugeMetricFamily("trambox_destination_deadline_misses_today", "Items sent too late.", labels=labels)
        for view in self._board.forwards():
            queued.add_metric((view.name,), view.queued)
            oldest.add_metric((view.name,), view.oldest_age_s or 0.0)
            misses.add_metric((view.name,), view.deadline_misses_today)
            if view.p99_s is not None:
                p99.add_metric((view.name,), view.p99_s)
            if view.p50_s is not None:
                p50.add_metric((view.name,), view.p50_s)
        yield from (queued, oldest, p50, p99, misses)
        concerns = GaugeMetricFamily("trambox_concerns", "What somebody must look at.", labels=("kind", "about"))
        for concern in self._board.concerns():
            concerns.add_metric((concern.kind, concern.about), 1)
        yield concerns

    def _services(self) -> Iterator[Metric]:
        running = GaugeMetricFamily("trambox_service_running", "1 where the service runs.", labels=("service",))
        restarts = CounterMetricFamily("trambox_service_restarts", "Restarts of the service.", labels=("service",))
        for view in self._board.services():
            running.add_metric((view.id,), float(view.actor in (ActorState.RUNNING, ActorState.BEHIND)))
            restarts.add_metric((view.id,), view.restarts)
        yield from (running, restarts)

    def _sources(self) -> Iterator[Metric]:
        summary = self._board.census()
        sources = GaugeMetricFamily("trambox_sources", "Stations and vehicles, by freshness.", labels=("freshness",))
        for freshness, value in summary.freshness.items():
            sources.add_metric((freshness,), value)
        actors = GaugeMetricFamily("trambox_source_actors", "Their actors, by state.", labels=("state",))
        for state, value in summary.actors.items():
            actors.add_metric((state,), value)
        yield from (sources, actors)
