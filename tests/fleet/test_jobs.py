from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW, incoming, incoming_event, make_customer, record, record_all_events

from felhom_hub.base import schedule
from felhom_hub.base.schedule import JOBS, Lane, Unfinished, run_due
from felhom_hub.base.timetable import Daily, Interval
from felhom_hub.events.models import Event
from felhom_hub.fleet import jobs
from felhom_hub.fleet.changes import Trouble
from felhom_hub.fleet.jobs import forget_old_visits, remove_what_is_old
from felhom_hub.fleet.models import Visit
from felhom_hub.fleet.visits import look_of, note_look
from felhom_hub.reports.models import Report

NAME = "fleet.remove_what_is_old"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.mark.django_db
def test_old_visits_go_once_a_day() -> None:
    note_look(look_of("a", now=NOW), Trouble(frozenset(), frozenset()), now=NOW)

    assert forget_old_visits(NOW + timedelta(days=91)) == 1
    assert not Visit.objects.exists()
    assert JOBS["fleet.forget_old_visits"].timetable == Interval(timedelta(days=1))


def test_old_rows_go_at_the_configured_hour() -> None:
    job = JOBS[NAME]

    assert job.timetable == Daily(time(4, 30), ZoneInfo("Europe/Budapest"))
    assert (job.label, job.lane) == ("Old reports and events", Lane.STEADY)


@pytest.mark.django_db
def test_reports_older_than_the_configured_days_go_and_the_job_says_how_many() -> None:
    record([incoming(received_at=NOW - days * timedelta(days=1)) for days in (92, 91, 89, 0)])

    assert remove_what_is_old(NOW) == "2 reports removed"
    assert remove_what_is_old(NOW) == "nothing to remove"


@pytest.mark.django_db
def test_what_takes_longer_than_its_turn_is_due_again(monkeypatch: pytest.MonkeyPatch) -> None:
    record([incoming(received_at=NOW - days * timedelta(days=1)) for days in (92, 91, 89, 0)])
    monkeypatch.setattr(jobs, "_RUN_SECONDS", -1.0)

    with pytest.raises(Unfinished, match="2 reports removed, more are left"):
        remove_what_is_old(NOW)


DAYS = (
    date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26), date(2028, 10, 29),
    date(2029, 3, 25), date(2029, 10, 28), date(2030, 3, 31), date(2030, 10, 27), date(2028, 2, 29),
)  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.django_db
@pytest.mark.on_one_database
def test_when_the_clocks_change_what_is_old_goes_once_and_at_half_past_four(
    day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "JOBS", {NAME: JOBS[NAME]})
    zone = ZoneInfo("Europe/Budapest")
    begin = datetime.combine(day - DAY, time(11, 30), zone).astimezone(UTC)
    edges = [datetime.combine(each, time(4, 30), zone).astimezone(UTC) for each in (day, day + DAY)]
    # A report a minute old and a minute young enough at each of the two times.
    record([incoming(received_at=edge - 90 * DAY + shift * MINUTE) for edge in edges for shift in (-1, 1)])
    ran, now = [], begin

    while now < begin + 2 * DAY:
        record([incoming(received_at=now, config_hash=f"{now:%d%H%M}")])
        before = Report.objects.count()
        if run_due(now):
            ran.append((now, before - Report.objects.count()))
        now += 60 * MINUTE

    assert ran == [(edges[0], 1), (edges[1], 2)]


@pytest.mark.parametrize("is_heard", [False, True])
@pytest.mark.django_db
def test_a_clock_that_is_years_ahead_deletes_nothing_that_is_young(*, is_heard: bool) -> None:
    record([incoming(received_at=NOW - days * DAY) for days in (91, 89, 30, 0)])
    wrong = NOW + 3650 * DAY
    if is_heard:  # boxes report by the wrong clock, and say what time it is
        record([incoming(name, received_at=wrong, timestamp=NOW.isoformat()) for name in ("a", "b")])

    assert remove_what_is_old(wrong) == "counted from 3,650 days ago, as the reports have it: 1 report removed"
    assert Report.objects.filter(received_at__lte=NOW).count() == 3


@pytest.mark.django_db
def test_a_hub_that_was_off_for_longer_than_it_keeps_deletes_nothing_before_it_is_reported_to() -> None:
    record([incoming(received_at=NOW - days * DAY) for days in (130, 120, 100)])

    assert remove_what_is_old(NOW) == "counted from 100 days ago, as the reports have it: nothing to remove"
    record([incoming(received_at=NOW)])
    assert remove_what_is_old(NOW) == "3 reports removed"


@pytest.mark.django_db
def test_without_any_report_nothing_is_deleted() -> None:
    make_customer("a")
    record_all_events([incoming_event("a", received_at=NOW - 200 * DAY)])

    assert remove_what_is_old(NOW) == "nobody has reported yet"
    assert Event.objects.exists()
