"""Jobs are held by leases: one that another hub holds is left alone, and a run that lost its own ends."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.base import lease, schedule
from felhom_hub.base.instants import utc_now
from felhom_hub.base.lease import LEASE_SECONDS, DatabaseTime
from felhom_hub.base.models import Job
from felhom_hub.base.pace import Interrupted, Pace
from felhom_hub.base.schedule import every, is_due, run_due

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_jobs_but_the_tests_own")]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def add_job(runs: list[datetime]) -> str:
    """A job that runs once an hour and notes when it did; its name."""

    @every(HOUR)
    def note(now: datetime) -> None:
        runs.append(now)

    (name,) = schedule.JOBS
    return name


@pytest.mark.parametrize("hub_is_ahead_by", [timedelta(), timedelta(days=400), timedelta(days=-400)])
def test_a_job_that_somebody_else_holds_is_left_alone_until_the_lease_ends_by_the_databases_clock(
    hub_is_ahead_by: timedelta,
) -> None:
    runs: list[datetime] = []
    name, now = add_job(runs), utc_now() + hub_is_ahead_by
    held = {"lease_until": DatabaseTime(LEASE_SECONDS), "lease_holder": "other:1"}
    Job.objects.create(name=name, next_at=now, timetable=schedule.JOBS[name].timetable.text)
    Job.objects.update(**held)

    assert run_due(now) == []
    assert not is_due(name, now)
    Job.objects.update(lease_until=DatabaseTime(-0.001))
    assert is_due(name, now)
    assert run_due(now) == [name]
    assert runs == [now]


def test_a_run_longer_than_its_lease_holds_its_job_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.6)
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.05)
    ends: list[datetime] = []

    @every(HOUR)
    def work(_now: datetime) -> None:
        ends.append(lease_of_the_job())
        until = time.monotonic() + 60
        while lease_of_the_job() < ends[0] + timedelta(seconds=0.7) and time.monotonic() < until:
            time.sleep(0.01)
        ends.append(lease_of_the_job())

    (name,) = schedule.JOBS
    assert run_due(NOW) == [name]

    assert ends[1] - ends[0] >= timedelta(seconds=0.7)  # the first end has passed
    job = Job.objects.get(name=name)
    assert (job.next_at, job.lease_until, job.succeeded_at) == (NOW + HOUR, None, NOW)


def lease_of_the_job() -> datetime:
    until: datetime | None = Job.objects.get().lease_until
    assert until is not None
    return until


def test_a_run_whose_job_another_hub_has_taken_over_ends_and_notes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.01)
    ended: list[str] = []
    later = NOW + timedelta(minutes=1)

    @every(HOUR)
    def work(_now: datetime) -> None:
        Job.objects.update(lease_holder="other:1", started_at=later, lease_until=DatabaseTime(LEASE_SECONDS))
        pace, ends_at = Pace(0.5), time.monotonic() + 60
        try:
            while time.monotonic() < ends_at:
                pace.rest()
        except Interrupted:
            ended.append("interrupted")
            raise

    (name,) = schedule.JOBS
    run_due(NOW)

    job = Job.objects.get(name=name)
    assert ended == ["interrupted"]
    assert (job.lease_holder, job.started_at, job.lease_until is None) == ("other:1", later, False)


def test_the_holder_is_written_down_while_the_job_runs() -> None:
    seen: list[tuple[bool, str]] = []

    @every(HOUR)
    def look(_now: datetime) -> None:
        is_held = Job.objects.filter(lease_until__gt=DatabaseTime(), lease_until__lte=lease.lease_end()).exists()
        seen.append((is_held, Job.objects.get().lease_holder))

    run_due(NOW)

    assert seen == [(True, schedule._HOLDER)]
    assert schedule._HOLDER.endswith(f":{os.getpid()}")


def test_a_run_that_outlives_its_lease_does_not_end_that_of_its_successor() -> None:
    until = utc_now() + timedelta(seconds=LEASE_SECONDS)
    successor = {"lease_holder": "other:1", "started_at": NOW + HOUR, "lease_until": until}

    @every(HOUR)
    def slow(_now: datetime) -> None:
        Job.objects.update(**successor)

    run_due(NOW)

    job = Job.objects.get()
    assert (job.lease_holder, job.lease_until, job.succeeded_at) == ("other:1", until, None)
