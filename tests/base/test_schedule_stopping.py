"""Jobs while the hub stops."""

from datetime import UTC, datetime, timedelta

import pytest

from felhom_hub.base import schedule
from felhom_hub.base.models import Job
from felhom_hub.base.pace import Interrupted
from felhom_hub.base.schedule import every, run_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_jobs_but_the_tests_own")]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_job_that_is_interrupted_is_due_again_at_once() -> None:
    interruptions = [Interrupted()]

    @every(HOUR)
    def work(_now: datetime) -> str:
        if interruptions:
            raise interruptions.pop()
        return "done"

    (name,) = schedule.JOBS
    run_due(NOW)
    row = Job.objects.get(name=name)
    assert (row.next_at, row.lease_until, row.succeeded_at, row.last_error) == (NOW, None, None, "")
    run_due(NOW + HOUR / 60)

    assert Job.objects.get(name=name).last_result == "done"


def test_a_hub_that_stops_begins_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[datetime] = []

    @every(HOUR)
    def note(now: datetime) -> None:
        runs.append(now)

    monkeypatch.setattr(schedule, "is_interrupted", lambda: True)

    assert run_due(NOW) == []
    assert runs == []
