"""Times what the overview reads, without HTTP. Runs by `inside.call`."""

import gc
import time
from collections.abc import Callable

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.fleet.address import View
from felhom_hub.fleet.overview import overview
from felhom_hub.project.running import GC_THRESHOLDS
from felhom_hub.reports.models import Report
from felhom_hub.reports.queries import customers_page
from felhom_hub.reports.summary import summaries

PAGE = 100


def count_reports() -> int:
    """How many reports are stored."""
    return Report.objects.count()


def time_reads(*, repetitions: int) -> dict[str, list[float]]:
    """Milliseconds of each repetition, by what was read."""
    gc.collect()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.freeze()  # as the hub does before it serves
    cursor = ""

    def read_overview() -> None:
        overview(View(), now=utc_now())

    def read_summaries() -> None:
        list(summaries(Customer.objects.all(), now=utc_now()))

    def read_page() -> None:
        nonlocal cursor  # from page to page through all customers, and from the beginning again
        _, following = customers_page(now=utc_now(), limit=PAGE, after=cursor)
        cursor = following or ""

    reads: dict[str, Callable[[], None]] = {"overview": read_overview, "summaries": read_summaries, "page": read_page}
    for read in reads.values():
        read()
    return {name: [_milliseconds(read) for _ in range(repetitions)] for name, read in reads.items()}


def _milliseconds(read: Callable[[], None]) -> float:
    began = time.perf_counter()
    read()
    return (time.perf_counter() - began) * 1000
