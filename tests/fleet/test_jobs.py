from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW, incoming, record

from felhom_hub.base.schedule import JOBS, Lane, Unfinished
from felhom_hub.base.timetable import Daily, Interval
from felhom_hub.fleet import jobs
from felhom_hub.fleet.changes import Trouble
from felhom_hub.fleet.jobs import forget_old_visits, remove_what_is_old
from felhom_hub.fleet.models import Visit
from felhom_hub.fleet.visits import look_of, note_look


@pytest.mark.django_db
def test_old_visits_go_once_a_day() -> None:
    note_look(look_of("a", now=NOW), Trouble(frozenset(), frozenset()), now=NOW)

    assert forget_old_visits(NOW + timedelta(days=91)) == 1
    assert not Visit.objects.exists()
    assert JOBS["fleet.forget_old_visits"].timetable == Interval(timedelta(days=1))


def test_old_rows_go_at_the_configured_hour() -> None:
    job = JOBS["fleet.remove_what_is_old"]

    assert job.timetable == Daily(time(4, 30), ZoneInfo("Europe/Budapest"))
    assert (job.label, job.lane) == ("Old reports and events", Lane.STEADY)


@pytest.mark.django_db
def test_reports_older_than_the_configured_days_go_and_the_job_says_how_many() -> None:
    record([incoming(received_at=NOW - days * timedelta(days=1)) for days in (92, 91, 89)])

    assert remove_what_is_old(NOW) == "2 reports removed"
    assert remove_what_is_old(NOW) == "nothing to remove"


@pytest.mark.django_db
def test_what_takes_longer_than_its_turn_is_due_again(monkeypatch: pytest.MonkeyPatch) -> None:
    record([incoming(received_at=NOW - days * timedelta(days=1)) for days in (92, 91, 89)])
    monkeypatch.setattr(jobs, "_RUN_SECONDS", -1.0)

    with pytest.raises(Unfinished, match="2 reports removed, more are left"):
        remove_what_is_old(NOW)
