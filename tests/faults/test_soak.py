"""A soak: five times the load of 10,000 customers for an hour, in which nothing of the hub's may grow but its database.

FELHOM_SOAK_SECONDS shortens it, for a try.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import linear_regression

import psutil
import pytest
from bench.reports import make_sequence
from tests.servers.hub import API_KEY, Hub
from tests.structure.files import ROOT

from felhom_hub.base.instants import utc_now

SECONDS = int(os.environ.get("FELHOM_SOAK_SECONDS", "3600"))
SAMPLE_SECONDS = min(10, SECONDS / 30)
CUSTOMERS = 10_000
RATE = 5 * CUSTOMERS / (15 * 60)  # reports a second

# What the second half may bring. Python's allocator keeps what it has had, and gives it out in another order.
MOST_MEMORY_GROWTH = 0.05
MOST_HANDLES, MOST_FILES = 8, 4
MOST_BYTES_OF_A_REPORT = 6_000
MOST_LOG_BYTES = 64 * 1024 * 1024  # of hub.db-wal: SQLite begins it anew every 1,000 pages, when nobody reads it


@dataclass(frozen=True)
class Sample:
    """What the hub holds at a moment."""

    at: float
    memory: int
    handles: int
    files: int
    database: int
    log: int


@pytest.mark.long
@pytest.mark.sqlite_only
def test_nothing_grows_but_the_database(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub()
    hub.start()
    # Everybody is known after the first quarter, so that what is kept for each customer is no growth later.
    customers = min(CUSTOMERS, int(RATE * SECONDS / 4))
    count = int(RATE * SECONDS)
    assert count <= make_sequence(customers=customers, now=utc_now()).capacity
    words = (hub.port, API_KEY, customers, utc_now().isoformat(), 0, RATE, SECONDS)
    command = [sys.executable, "-m", "bench.paced_client", *map(str, words)]

    samples = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as client:
        while client.poll() is None:
            samples.append(sample(hub))
            time.sleep(SAMPLE_SECONDS)
        assert client.stdout is not None
        answers = json.loads(client.stdout.read().partition("\n")[2])

    later = samples[len(samples) // 2 :]
    first, last = later[0], later[-1]
    assert answers["statuses"] == {"200": count}
    assert hub.rows("SELECT count(*) FROM reports_report") == [(count,)]
    assert len(later) >= 10
    slope = linear_regression([each.at for each in later], [each.memory for each in later]).slope
    stored = count * (last.at - first.at) / answers["seconds"]
    told = (
        f"{count:,} reports in {answers['seconds']:.0f} s, p99 {answers['p99_ms']:.0f} ms; second half: memory "
        f"{first.memory / 2**20:.1f} to {last.memory / 2**20:.1f} MiB, {slope * 3600 / 2**20:+.2f} MiB an hour, "
        f"handles {first.handles} to {last.handles}, {(last.database - first.database) / stored:.0f} bytes a report"
    )
    print(told)  # noqa: T201 - what an hour has shown is worth a line
    assert slope * (last.at - first.at) <= MOST_MEMORY_GROWTH * first.memory, told
    assert max(each.handles for each in later) - min(each.handles for each in later) <= MOST_HANDLES, told
    assert max(each.files for each in later) - min(each.files for each in later) <= MOST_FILES, told
    assert last.database - first.database <= MOST_BYTES_OF_A_REPORT * stored, told
    assert max(each.log for each in samples) <= MOST_LOG_BYTES, told


def sample(hub: Hub) -> Sample:
    process = psutil.Process(hub.pid)
    sizes = {}
    for path in hub.data_dir.rglob("*"):
        try:
            sizes[path.name] = path.stat().st_size
        except FileNotFoundError:
            continue  # of a moment
    return Sample(
        time.monotonic(),
        process.memory_info().rss,
        process.num_fds(),
        len(sizes),
        sizes["hub.db"],
        sizes.get("hub.db-wal", 0),
    )
