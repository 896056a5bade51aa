"""The threads of the jobs: a lane that takes long holds up no other, nothing runs twice at once, and all end."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from felhom_hub.base import schedule
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import Lane, every, load_jobs
from felhom_hub.project import lanes
from felhom_hub.project.lanes import JobThreads

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 60
ALWAYS = timedelta()


@pytest.fixture(autouse=True)
def own_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    load_jobs()
    known = dict(schedule.JOBS)
    schedule.JOBS.clear()
    monkeypatch.setattr(lanes, "TICK_SECONDS", 0.01)
    yield
    schedule.JOBS.clear()
    schedule.JOBS.update(known)


def test_a_prompt_job_does_not_wait_for_one_that_computes_nor_for_one_that_waits_on_a_server() -> None:
    held, go_on, looked = threading.Barrier(3), threading.Event(), threading.Semaphore(0)

    def hold(_now: datetime) -> None:
        held.wait(SECONDS)
        go_on.wait(SECONDS)

    every(timedelta(days=1), label="Compute")(hold)
    hold.__name__ = "deliver"
    every(timedelta(days=1), lane=Lane.REMOTE)(hold)

    @every(ALWAYS, lane=Lane.PROMPT)
    def look(_now: datetime) -> None:
        looked.release()

    threads = JobThreads()
    threads.start()
    held.wait(SECONDS)  # both run now
    try:
        assert all(looked.acquire(timeout=SECONDS) for _ in range(5))
    finally:
        go_on.set()
        threads.end_soon()

    assert threads.join(SECONDS) == []


def test_no_job_runs_twice_at_once() -> None:
    at_once, most, runs = 0, 0, threading.Semaphore(0)

    @every(ALWAYS)
    def work(_now: datetime) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.02)
        at_once -= 1
        runs.release()

    # Two hubs of one process share the holder's name; all that keeps them apart is the row.
    hubs = [JobThreads(), JobThreads()]
    for hub in hubs:
        hub.start()
    try:
        assert all(runs.acquire(timeout=SECONDS) for _ in range(8))
    finally:
        for hub in hubs:
            hub.end_soon()

    assert [hub.join(SECONDS) for hub in hubs] == [[], []]
    assert most == 1


def test_a_job_that_hangs_is_left_behind_and_named_by_its_lane() -> None:
    held, go_on = threading.Event(), threading.Event()

    @every(ALWAYS, lane=Lane.REMOTE)
    def hang(_now: datetime) -> None:
        held.set()
        go_on.wait(SECONDS)

    threads = JobThreads()
    threads.start()
    assert held.wait(SECONDS)
    threads.end_soon()

    left = threads.join(0.05)
    go_on.set()

    assert left == [Lane.REMOTE]
    assert threads.join(SECONDS) == []
    assert Job.objects.get().lease_until is None


def test_a_lane_goes_on_after_a_failure_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, enough = [], threading.Event()

    def run_due(_now: datetime, *, lane: Lane, clock: object) -> list[str]:  # noqa: ARG001 - as the lanes call it
        calls.append(lane)
        if calls.count(Lane.PROMPT) > 2:
            enough.set()
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(lanes, "run_due", run_due)
    threads = JobThreads()
    with capture_logs() as logged:
        threads.start()
        assert enough.wait(SECONDS)
        threads.end_soon()
        assert threads.join(SECONDS) == []

    assert {entry["event"] for entry in logged} == {"jobs_failed"}
