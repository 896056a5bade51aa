"""The look for missed backups as the hub does it: by its timetable, across restarts, sleeps and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.build import make_customer, make_node

from felhom_hub.base.models import Job
from felhom_hub.base.schedule import JOBS, Lane, load_jobs, run_due
from felhom_hub.base.timetable import Daily
from felhom_hub.events.models import Event
from felhom_hub.reports.models import NodeState
from felhom_hub.watch.deadlines import AT
from felhom_hub.watch.models import DeafSpan, Hearing

pytestmark = pytest.mark.django_db

BUDAPEST = ZoneInfo("Europe/Budapest")
# Those on which the clocks change, a leap day, and one like any other.
DAYS = (
    date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26), date(2028, 10, 29),
    date(2029, 3, 25), date(2029, 10, 28), date(2030, 3, 31), date(2030, 10, 27), date(2028, 2, 29), date(2026, 11, 23),
)  # fmt: skip
NAME = "watch.look_for_missed_backups"
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def only_this_job(monkeypatch: pytest.MonkeyPatch) -> None:
    load_jobs()
    monkeypatch.setattr("felhom_hub.base.schedule.JOBS", {NAME: JOBS[NAME]})


def local(day: date, hour: float) -> datetime:
    """So many hours of the local clock after midnight, on a day on which that hour is there."""
    return (datetime(day.year, day.month, day.day) + hour * HOUR).replace(tzinfo=BUDAPEST).astimezone(UTC)  # noqa: DTZ001


def make_box(now: datetime) -> None:
    """A box that reports, and whose backup ran a week ago."""
    customer = make_customer("a", created_at=now - 99 * DAY)
    node = make_node(customer, last_received_at=now, last_backup_at=now - 7 * DAY, clock_skew_seconds=0.0)
    NodeState.objects.filter(pk=node.pk).update(first_received_at=now - 99 * DAY)


def hear(now: datetime) -> None:
    """The hub beats, and the box reports."""
    Hearing.objects.update_or_create(pk=1, defaults={"at": now})
    NodeState.objects.update(last_received_at=now, position_at=now)


def told() -> list[datetime]:
    return list(Event.objects.order_by("created_at").values_list("created_at", flat=True))


def test_it_looks_daily_at_five_in_the_hubs_zone_and_waits_for_nobody() -> None:
    job = JOBS[NAME]

    assert (job.timetable, job.lane, job.label) == (Daily(AT, BUDAPEST), Lane.PROMPT, "Missed backups")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.on_one_database
def test_over_three_days_it_tells_three_times_at_five_o_clock(day: date) -> None:
    begin = local(day - DAY, 12)
    make_box(begin)

    now = begin
    while now < begin + 3 * DAY:
        hear(now)
        run_due(now)
        now += HOUR

    assert told() == [local(day + number * DAY, 5) for number in range(3)]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.on_one_database
def test_a_hub_that_slept_through_the_hour_catches_up_once_and_after_a_reporting_period(day: date) -> None:
    make_box(local(day, 0))
    hear(local(day, 1))
    run_due(local(day, 1))
    woke = local(day, 9)
    DeafSpan.objects.create(from_at=local(day, 1), to_at=woke, cause="asleep")

    for minute in range(0, 60, 5):
        hear(woke + minute * MINUTE)
        run_due(woke + minute * MINUTE)

    assert told() == [woke + 15 * MINUTE]
    assert Job.objects.get().last_result == "1 missed, 0 silent, 0 unknown, 0 done"
    assert Job.objects.get().next_at == local(day + DAY, 5)


def test_a_hub_that_is_deaf_at_the_hour_blames_nobody() -> None:
    day = date(2026, 11, 23)
    make_box(local(day, 0))
    hear(local(day, 1))
    run_due(local(day, 1))

    run_due(local(day, 5))  # it woke this moment, and nothing has been heard yet

    assert told() == []
    assert Job.objects.get().next_at == local(day, 5) + 15 * MINUTE
    assert Job.objects.get().last_result == "waits for the reports after deaf time"
