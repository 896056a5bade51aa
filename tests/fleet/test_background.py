import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from datetime import time as time_of_day

import pytest
from django.conf import settings
from django.db import connections
from tests.build import NOW

from felhom_hub.base import schedule
from felhom_hub.base.instants import utc_now
from felhom_hub.base.lease import LEASE_SECONDS
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import daily, every, load_jobs, run_due
from felhom_hub.fleet.background import JobRow, is_job, job_rows, run_now
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def one_job(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The only job of the hub; its name."""
    load_jobs()  # now, or those that another test needs would be registered into what is thrown away here
    known = dict(schedule.JOBS)
    schedule.JOBS.clear()

    @every(HOUR, label="Session clean-up")
    def clean_up(_now: datetime) -> str:
        return "2 removed"

    monkeypatch.setattr("felhom_hub.fleet.background.WAIT_SECONDS", 0.1)
    yield next(iter(schedule.JOBS))
    schedule.JOBS.clear()
    schedule.JOBS.update(known)


def shown(now: datetime = NOW) -> JobRow:
    (row,) = [row for row in job_rows(now=now, zone=settings.HUB.server.time_zone) if row.label == "Session clean-up"]
    return row


def test_a_job_that_never_ran_says_so(one_job: str) -> None:
    assert shown() == JobRow(one_job, "Session clean-up", "every 1 h", "waiting", None, "has not run yet", "now")


def test_a_run_is_told_with_its_result_and_duration(one_job: str) -> None:
    run_due(NOW)
    Job.objects.update(duration_ms=8)

    row = shown(NOW + timedelta(minutes=12))

    assert row == JobRow(one_job, "Session clean-up", "every 1 h", "ok", NOW, "2 removed, 8 ms", "in 48 min")


@pytest.mark.parametrize(
    ("columns", "state", "result", "following"),
    [
        ({"last_result": "", "duration_ms": 8}, "ok", "done, 8 ms", "in 1 h"),
        ({"last_result": "", "duration_ms": None}, "ok", "done", "in 1 h"),
        ({"last_result": "not known: it is down.", "duration_ms": 8}, "ok", "not known: it is down, 8 ms", "in 1 h"),
        ({"last_error": "OSError: full", "duration_ms": 1200}, "failed", "failed after 1.2 s: OSError: full", "in 1 h"),
        ({"last_error": "OSError: full", "duration_ms": None}, "failed", "failed: OSError: full", "in 1 h"),
        ({"lease_until": NOW}, "running", "runs now", "when it is done"),
        ({"lease_until": NOW - timedelta(seconds=1)}, "failed", "stopped before its end", "in 1 h"),
        ({"started_at": None}, "waiting", "has not run yet", "in 1 h"),
    ],
)
def test_each_state_of_a_job_is_told_apart(columns: dict[str, object], state: str, result: str, following: str) -> None:
    run_due(NOW)
    Job.objects.update(**columns)

    row = shown()

    assert (row.state, row.result, row.following) == (state, result, following)


def test_a_daily_job_that_never_ran_says_when_it_will(one_job: str) -> None:
    schedule.JOBS.clear()

    @daily(time_of_day(21, 0), zone=settings.HUB.server.time_zone, label="Session clean-up")
    def clean_up(_now: datetime) -> None: ...

    assert one_job
    assert (shown().rhythm, shown().following) == ("daily at 21:00", "today 21:00")
    run_due(NOW)
    assert (shown().state, shown().following) == ("waiting", "today 21:00")
    run_due(NOW + 8 * HOUR)
    assert (shown(NOW + 8 * HOUR).state, shown(NOW + 8 * HOUR).following) == ("ok", "tomorrow 21:00")


def test_jobs_are_known_by_name(one_job: str) -> None:
    assert is_job(one_job)
    assert not is_job("operators.clean_up_everything")


def test_a_run_that_nobody_takes_up_is_left_asked_for(one_job: str) -> None:
    run_due(NOW)

    run_now(one_job, by=COMMAND_LINE, now=NOW + timedelta(minutes=1))

    assert Job.objects.get(name=one_job).next_at == NOW + timedelta(minutes=1)
    assert shown(NOW + timedelta(minutes=2)).following == "now"
    assert list(AuditEntry.objects.values_list("action", "detail")) == [("job_run", "Session clean-up")]


def test_a_job_that_runs_is_not_asked_for_again(one_job: str) -> None:
    Job.objects.create(
        name=one_job, next_at=NOW, started_at=NOW, lease_until=utc_now() + timedelta(seconds=LEASE_SECONDS)
    )

    run_now(one_job, by=COMMAND_LINE, now=NOW + timedelta(minutes=1))

    assert Job.objects.get(name=one_job).next_at == NOW
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_short_run_is_over_when_the_answer_comes(one_job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.fleet.background.WAIT_SECONDS", 30.0)
    stop = threading.Event()

    def loop() -> None:
        while not stop.wait(0.01):
            run_due(utc_now())
        connections.close_all()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        run_now(one_job, by=COMMAND_LINE, now=utc_now())
    finally:
        stop.set()
        thread.join()

    assert shown(utc_now()).state == "ok"
