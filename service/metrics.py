"""Figures about the running service, in Prometheus' text format, at `/metrics`.

Labels are bounded: methods that are known, statuses, and the routes' own patterns, never addresses.  They tell
nothing of who asked and what, but are for the operator: where they are not turned on, there is nothing here.
https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import Scope

from service.problems import NotFound
from service.responses import readable
from service.site import Site

router = APIRouter()

_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one service; `site` gives what it serves at the moment."""

    def __init__(self, site: Callable[[], Site]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.registry.register(_State(site))
        self._requests = Counter(
            "dragoman_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "dragoman_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._bytes = Counter("dragoman_response_bytes", "Bytes of content sent.", ("route",), registry=self.registry)
        self.running = Gauge("dragoman_requests_running", "Requests that are being answered.", registry=self.registry)

    def note(self, scope: Scope, status: int, seconds: float, size: int) -> None:
        """One request that has been answered."""
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._bytes.labels(route).inc(size)


class _State(Collector):
    """What the service holds when it is asked."""

    def __init__(self, site: Callable[[], Site]) -> None:
        self._site = site

    def collect(self) -> Iterator[Metric]:
        site = self._site()
        yield GaugeMetricFamily("dragoman_query_workers_busy", "Query workers at work.", value=site.queries.busy)
        yield GaugeMetricFamily("dragoman_page_workers_busy", "Page workers at work.", value=site.lookups.busy)
        yield GaugeMetricFamily("dragoman_latest", "1 if what was published last is served.", value=int(site.latest))
        yield _labelled(
            "dragoman_snapshot", "The snapshot that is served.", ("snapshot",), (site.snapshot.manifest.id,)
        )
        kept = GaugeMetricFamily("dragoman_kept_bytes", "Memory of what is kept to be given again.", labels=("what",))
        for what, size in site.kept_bytes().items():
            kept.add_metric((what,), size)
        yield kept
        counts = GaugeMetricFamily("dragoman_holdings", "What the snapshot holds.", labels=("kind",))
        for kind, number in site.snapshot.manifest.counts.items():
            counts.add_metric((kind,), number)
        yield counts


def _labelled(name: str, text: str, labels: Sequence[str], values: Sequence[str]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    family.add_metric(values, 1)
    return family


@readable(router, "/metrics")
async def metrics(request: Request) -> Response:
    """Figures about the running service for Prometheus; 404 where they are not turned on."""
    found: Metrics | None = request.app.state.metrics
    if found is None:
        raise NotFound("figures about the service are turned off here")
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(found.registry), headers={"Content-Type": media_type, "Cache-Control": "no-store"})
