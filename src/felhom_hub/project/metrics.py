"""`/metrics` for Prometheus: what the intake answered, what the writer does, and the process itself."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from http import HTTPStatus

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from felhom_hub import __version__
from felhom_hub.backups.noted import noted_backups
from felhom_hub.base.endpoint import AsgiApp, Message, Receive, Scope, Send, asgi_endpoint, header, send_bytes
from felhom_hub.base.errors import Forbidden
from felhom_hub.base.proxies import FORWARDING_HEADERS, parse_address
from felhom_hub.base.sizes import size_now_or_noted
from felhom_hub.base.volume import volume_room
from felhom_hub.base.writer import Writer
from felhom_hub.customers.auth import GlobalCaller
from felhom_hub.customers.recognise import Recogniser

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
Metric = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily | InfoMetricFamily


class Intake:
    """Counts what the intake endpoints answer and how long they take; `stored` is called after each 200."""

    def __init__(self, endpoints: Mapping[str, AsgiApp], *, stored: Callable[[], None]) -> None:
        self._stored = stored
        # From 0 on: to Prometheus a series that begins later is not there, and not one that does not grow.
        self.answers: Counter[tuple[str, int]] = Counter({(path, int(HTTPStatus.OK)): 0 for path in endpoints})
        self.within: dict[str, list[int]] = {path: [0] * (len(_SECONDS) + 1) for path in endpoints}
        self.seconds: Counter[str] = Counter()
        self.counted = {path: self._count(path, endpoint) for path, endpoint in endpoints.items()}

    def _count(self, path: str, endpoint: AsgiApp) -> AsgiApp:
        within = self.within[path]

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            began = time.perf_counter()

            def note(message: Message) -> Awaitable[None]:
                if message["type"] == "http.response.start":
                    self.answers[path, message["status"]] += 1
                    if message["status"] == HTTPStatus.OK:
                        self._stored()
                return send(message)

            await endpoint(scope, receive, note)
            took = time.perf_counter() - began
            self.seconds[path] += took  # type: ignore[assignment]  # a Counter of floats
            within[bisect_left(_SECONDS, took)] += 1

        return counted


class _Hub(Collector):
    def __init__(self, writer: Writer, intake: Intake) -> None:
        self._writer, self._intake = writer, intake

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("felhom_hub_build", "The running version.", value={"version": __version__})
        answers = CounterMetricFamily(
            "felhom_hub_intake_answers", "Answers of the intake, by path and status.", labels=("path", "status")
        )
        for (path, status), count in sorted(self._intake.answers.items()):
            answers.add_metric((path, str(status)), count)
        yield answers
        yield self._seconds()
        yield GaugeMetricFamily("felhom_hub_writer_waiting", "Items that wait for a commit.", self._writer.waiting)
        yield CounterMetricFamily("felhom_hub_writer_committed", "Items that were committed.", self._writer.committed)
        yield CounterMetricFamily("felhom_hub_writer_batches", "Transactions of the writer.", self._writer.batches)

        yield from _disk()
        yield from _backup()

    def _seconds(self) -> HistogramMetricFamily:
        seconds = HistogramMetricFamily(
            "felhom_hub_intake_seconds", "From a request's headers to its answer.", labels=("path",)
        )
        for path, within in self._intake.within.items():
            total = 0
            buckets = []
            for limit, count in zip((*map(str, _SECONDS), "+Inf"), within, strict=True):
                total += count
                buckets.append((limit, total))
            seconds.add_metric((path,), buckets, self._intake.seconds[path])
        return seconds


def _disk() -> Iterator[Metric]:
    known = size_now_or_noted()
    if known is not None:
        yield GaugeMetricFamily("felhom_hub_database_size_bytes", "What the database takes on its disk.", known[0])
    free, size = volume_room()
    if free is not None and size is not None:
        yield GaugeMetricFamily("felhom_hub_volume_free_bytes", "Free on the volume that the hub stores on.", free)
        yield GaugeMetricFamily("felhom_hub_volume_size_bytes", "The size of that volume.", size)


def _backup() -> Iterator[Metric]:
    """Nothing where no backups are made."""
    noted = noted_backups()
    if noted is None:
        return
    proven = noted.proven_at.timestamp() if noted.proven_at else 0
    yield GaugeMetricFamily(
        "felhom_hub_backup_last_success_timestamp_seconds",
        "When the newest backup of the hub was made that is proven; 0 while there is none.",
        proven,
    )
    if noted.size_bytes is not None:
        yield GaugeMetricFamily("felhom_hub_backup_last_success_size_bytes", "The size of its file.", noted.size_bytes)
    yield GaugeMetricFamily(
        "felhom_hub_backup_alarm", "1 while the hub's own alarm about its backup stands.", noted.is_alarmed
    )


def metrics_endpoint(writer: Writer, intake: Intake, recogniser: Recogniser) -> AsgiApp:
    """The endpoint, for the global key; on loopback without one where no proxy could stand in between."""
    registry = CollectorRegistry()
    registry.register(_Hub(writer, intake))
    ProcessCollector(registry=registry)

    @asgi_endpoint("GET", "HEAD")
    async def metrics(scope: Scope, _receive: Receive, send: Send) -> None:
        if not is_plain_loopback(scope):
            caller, _ = await recogniser.recognise(header(scope, b"authorization"))
            if not isinstance(caller, GlobalCaller):
                raise Forbidden("Metrics are for the global key; this is a customer's own")
        headers = [(b"content-type", CONTENT_TYPE_LATEST.encode()), (b"cache-control", b"no-store")]
        await send_bytes(send, generate_latest(registry), status=200, headers=headers)

    return metrics


def is_plain_loopback(scope: Scope) -> bool:
    """True for a caller on this machine, when nothing suggests that it only passes somebody else's request on."""
    client = scope.get("client")
    if settings.HUB.server.trusted_proxies or client is None or header(scope, b"authorization") is not None:
        return False
    if any(header(scope, name.encode()) is not None for name in FORWARDING_HEADERS):
        return False
    address = parse_address(client[0])
    return address is not None and address.is_loopback
