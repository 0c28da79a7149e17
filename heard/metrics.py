"""Numbers for Prometheus, counted from the same events that are logged, on a port of their own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from research import events

if TYPE_CHECKING:
    from research.health import Health


def serve(address: tuple[str, int], health: Callable[[], Health | None]) -> Callable[[], None]:
    """Answer at an address until the function that is returned is called. `health` is asked whenever somebody looks."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(_Standing(health))
    counted = _Counted(registry)
    logging.getLogger().addHandler(counted)
    host, port = address
    server, thread = start_http_server(port, host, registry)

    def stop() -> None:
        logging.getLogger().removeHandler(counted)
        server.shutdown()
        server.server_close()
        thread.join()

    return stop


class _Counted(logging.Handler):
    """Counts events by name, and how long they took."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._events = Counter("heard_events", "What happened in the app, by name.", ["event"], registry=registry)
        self._seconds = Histogram("heard_event_seconds", "How long it took.", ["event"], registry=registry)
        self._notes = Counter("heard_notes", "Notes that were put in through the app.", ["status"], registry=registry)
        self.addFilter(lambda record: record.name == events.LOGGER)

    def emit(self, record: logging.LogRecord) -> None:
        """Count one event."""
        event, facts = record.getMessage(), record.__dict__.get("facts", {})
        self._events.labels(event).inc()
        if "seconds" in facts:
            self._seconds.labels(event).observe(facts["seconds"])
        if event == "ingest":
            for status in ("added", "updated", "unchanged", "failed"):
                self._notes.labels(status).inc(facts.get(status, 0))


class _Standing(Collector):
    """How the repository stands, looked up when somebody asks."""

    def __init__(self, health: Callable[[], Health | None]) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """The numbers of a health check."""
        health = self._health()
        yield GaugeMetricFamily("heard_ok", "1 when people can work.", 1 if health and health.ok else 0)
        if health:
            yield GaugeMetricFamily("heard_pending_passages", "Passages that cannot be found yet.", health.pending)
            yield GaugeMetricFamily("heard_writing", "1 while somebody writes for long.", 1 if health.writer else 0)
            if health.disk_free is not None:
                yield GaugeMetricFamily("heard_disk_free_bytes", "Free on the repository's disk.", health.disk_free)
