"""Jobs at an hour of the day: their rows, restarts, changed settings, lanes."""

from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

import pytest

from felhom_hub.base import schedule
from felhom_hub.base.instants import utc_now
from felhom_hub.base.lease import LEASE_SECONDS
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import Lane, Unfinished, ask_run, daily, every, run_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_jobs_but_the_tests_own")]

BUDAPEST = ZoneInfo("Europe/Budapest")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE_LEASE = timedelta(seconds=LEASE_SECONDS)
AT_0430 = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def add_daily(runs: list[datetime], at: time_of_day = time_of_day(4, 30)) -> str:
    schedule.JOBS.clear()

    @daily(at, zone=BUDAPEST)
    def tidy(now: datetime) -> None:
        runs.append(now)

    (name,) = schedule.JOBS
    return name


def test_a_daily_job_waits_for_its_hour_and_the_row_says_when_that_is() -> None:
    runs: list[datetime] = []
    name = add_daily(runs)

    ran = run_due(NOW), run_due(AT_0430 - timedelta(seconds=1)), run_due(AT_0430), run_due(AT_0430 + HOUR)

    assert (ran, runs) == (([], [], [name], []), [AT_0430])
    assert Job.objects.get().next_at == AT_0430 + DAY


def test_a_hub_that_starts_again_just_before_the_hour_still_runs_it_and_one_just_after_it_does_not_again() -> None:
    runs: list[datetime] = []
    add_daily(runs)
    run_due(NOW)
    add_daily(runs)
    run_due(AT_0430 + timedelta(minutes=3))
    add_daily(runs)
    run_due(AT_0430 + timedelta(minutes=4))

    assert runs == [AT_0430 + timedelta(minutes=3)]


def test_days_that_were_slept_through_are_made_up_for_by_one_run() -> None:
    runs: list[datetime] = []
    add_daily(runs)
    run_due(NOW)
    woke = AT_0430 + 3 * DAY + HOUR

    for second in range(60):
        run_due(woke + timedelta(seconds=second))

    assert runs == [woke]
    assert Job.objects.get().next_at == AT_0430 + 4 * DAY


@pytest.mark.parametrize(("hour", "next_at"), [(2, AT_0430 - 2.5 * HOUR), (6, AT_0430 + 1.5 * HOUR)])
def test_another_hour_in_the_settings_holds_from_the_next_start_on(hour: int, next_at: datetime) -> None:
    runs: list[datetime] = []
    add_daily(runs)
    run_due(NOW)

    add_daily(runs, time_of_day(hour))
    run_due(NOW + HOUR)

    assert (runs, Job.objects.get().next_at) == ([], next_at)


def test_a_run_that_was_due_is_not_lost_when_the_hour_is_changed() -> None:
    runs: list[datetime] = []
    add_daily(runs)
    run_due(NOW)

    add_daily(runs, time_of_day(6))
    run_due(AT_0430 + timedelta(minutes=5))

    assert runs == [AT_0430 + timedelta(minutes=5)]
    assert Job.objects.get().next_at == AT_0430 + 1.5 * HOUR


def test_a_row_of_an_older_hub_takes_the_jobs_hour() -> None:
    runs: list[datetime] = []
    Job.objects.create(name=add_daily(runs), next_at=NOW + 9 * HOUR)

    run_due(NOW)

    assert (runs, Job.objects.get().next_at) == ([], AT_0430)


def test_the_times_of_a_job_that_runs_elsewhere_are_left_alone() -> None:
    Job.objects.create(name=add_daily([]), next_at=NOW, lease_until=utc_now() + ONE_LEASE, lease_holder="other:1")

    run_due(NOW)

    assert (Job.objects.get().next_at, Job.objects.get().timetable) == (NOW, "")


def test_a_daily_job_that_is_asked_for_runs_at_once_and_then_at_its_hour() -> None:
    runs: list[datetime] = []
    name = add_daily(runs)
    asked = ask_run(name, NOW)

    assert (asked, run_due(NOW), runs) == (True, [name], [NOW])
    assert Job.objects.get().next_at == AT_0430


def test_a_lane_runs_its_own_jobs_alone() -> None:
    @every(HOUR, lane=Lane.PROMPT)
    def look(_now: datetime) -> None: ...

    @every(HOUR)
    def compute(_now: datetime) -> None: ...

    look_name, compute_name = schedule.JOBS

    assert run_due(NOW, lane=Lane.PROMPT) == [look_name]
    assert run_due(NOW, lane=Lane.REMOTE) == []
    assert run_due(NOW, lane=Lane.STEADY) == [compute_name]


def test_a_job_with_work_left_is_due_again_at_once_and_says_how_far_it_is() -> None:
    left = [Unfinished("2,000 removed, more are left")]

    @daily(time_of_day(4, 30), zone=BUDAPEST)
    def tidy(_now: datetime) -> str:
        if left:
            raise left.pop()
        return "3 removed"

    run_due(NOW)
    run_due(AT_0430)
    job = Job.objects.get()
    assert (job.next_at, job.lease_until, job.last_result, job.last_error, job.succeeded_at) == (
        AT_0430,
        None,
        "2,000 removed, more are left",
        "",
        None,
    )
    run_due(AT_0430 + timedelta(seconds=1))

    job = Job.objects.get()
    assert (job.next_at, job.last_result) == (AT_0430 + DAY, "3 removed")


@pytest.mark.parametrize("ahead", [timedelta(minutes=30), timedelta(days=3650)])
def test_after_a_clock_was_set_back_no_job_rests_until_the_time_that_it_had_shown(ahead: timedelta) -> None:
    runs: list[datetime] = []

    @every(timedelta(minutes=1))
    def look(now: datetime) -> None:
        runs.append(now)

    @daily(time_of_day(4, 30), zone=BUDAPEST)
    def tidy(_now: datetime) -> None: ...

    _, name = schedule.JOBS
    run_due(NOW + ahead)
    ask_run(name, NOW + ahead)
    run_due(NOW + ahead)

    for second in range(0, 121, 10):
        run_due(NOW + timedelta(seconds=second))

    assert runs == [NOW + ahead, NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]
    assert Job.objects.get(name=name).next_at == AT_0430


def test_a_hold_that_a_dead_hub_took_by_a_clock_that_was_ahead_is_none() -> None:
    runs: list[datetime] = []
    name = add_daily(runs)
    ahead = utc_now() + 3650 * DAY
    held = {"started_at": ahead, "lease_until": ahead, "lease_holder": "dead:1"}
    Job.objects.create(name=name, next_at=NOW, timetable=schedule.JOBS[name].timetable.text, **held)

    assert run_due(NOW) == [name]
    assert (runs, Job.objects.get().lease_until) == ([NOW], None)
