"""Missed backups that were done after all, by the word of reports: who is told, when, and by whom."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings
from tests.build import incoming_event, make_customer, make_node, record_all_events
from tests.two_hubs import both_at_once

from felhom_hub.base.schedule import JOBS, Lane, load_jobs
from felhom_hub.base.timetable import Interval
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.notify.models import Alarm, Delivery, Preferences
from felhom_hub.reports.models import NodeState
from felhom_hub.watch import caught_up
from felhom_hub.watch.caught_up import check_caught_up
from felhom_hub.watch.missed import check_deadlines
from felhom_hub.watch.models import MissedDeadline

pytestmark = pytest.mark.django_db

BUDAPEST = ZoneInfo("Europe/Budapest")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 05:00 in Budapest
MIDNIGHT = NOW - 5 * HOUR
MISSED, DONE, DUMP_DONE = "expected_backup_missed", "expected_backup_done", "expected_dbdump_done"


def make_box(customer_id: str = "a", **columns: object) -> Customer:
    """A customer whose box reports, and whose backups are a day and more old."""
    joined = NOW - 100 * DAY
    customer = make_customer(customer_id, created_at=joined)
    known = {"first_received_at": joined, "position_at": NOW, "clock_skew_seconds": 0.0}
    make_node(customer, last_received_at=NOW, **{**known, "last_backup_at": NOW - 30 * HOUR, **columns})
    return customer


def report(at: datetime | None, *, ok: bool | None = True, of: str = "backup", **columns: object) -> None:
    """The newest report of every box says so."""
    NodeState.objects.update(**{f"last_{of}_at": at, f"last_{of}_ok": ok}, **columns)


def look_for_missed(now: datetime = NOW) -> None:
    check_deadlines(now, zone=BUDAPEST, deaf=())


def catch_up(now: datetime = NOW + 2 * HOUR) -> int:
    return check_caught_up(now, zone=BUDAPEST)


def done() -> list[tuple[str | None, str]]:
    events = Event.objects.filter(event_type__in=(DONE, DUMP_DONE)).order_by("pk")
    return list(events.values_list("customer__customer_id", "event_type"))


def say(event_type: str, at: datetime) -> None:
    record_all_events([incoming_event("a", event_type=event_type, severity="info", received_at=at)])


def test_a_backup_that_was_made_up_for_is_told_once_by_the_hub() -> None:
    make_box()
    look_for_missed()
    assert catch_up(NOW + HOUR) == 0

    report(NOW + HOUR)
    assert [catch_up(NOW + hours * HOUR) for hours in (2, 2, 3)] == [1, 0, 0]

    event = Event.objects.get(event_type=DONE)
    assert (event.severity, event.source, event.created_at) == ("info", "hub", NOW + 2 * HOUR)
    assert event.message == "The missing backup was done on 23 Nov 2026, 06:00."
    assert json.loads(event.details_json) == {"done_at": "2026-11-23T05:00:00.000Z"}


def test_each_kind_is_made_up_for_by_itself() -> None:
    make_box(last_db_dump_at=NOW - 30 * HOUR)
    look_for_missed()

    report(NOW + HOUR, of="db_dump")

    assert catch_up() == 1
    assert done() == [("a", DUMP_DONE)]


@pytest.mark.parametrize(
    ("at", "ok", "told"),
    [
        (MIDNIGHT, True, 1),
        (MIDNIGHT, None, 1),  # the oldest controllers do not say how it went
        (MIDNIGHT - timedelta(seconds=1), True, 0),
        (NOW + HOUR, False, 0),
        (None, None, 0),
        (datetime(1, 1, 1, tzinfo=UTC), True, 0),  # Go's zero time
    ],
)
def test_only_a_good_backup_after_the_missed_midnight_counts(at: datetime | None, ok: bool | None, told: int) -> None:
    make_box()
    look_for_missed()

    report(at, ok=ok)

    assert catch_up() == told


def test_a_clock_that_is_ahead_makes_no_backup_younger() -> None:
    make_box()
    look_for_missed()

    report(NOW + HOUR, clock_skew_seconds=8 * 3600.0)

    assert catch_up() == 0


def test_of_several_missed_days_the_last_one_has_to_be_made_up_for() -> None:
    make_box()
    for days in range(3):
        look_for_missed(NOW + days * DAY)

    report(NOW + DAY + HOUR)  # told late: the third night had none
    assert catch_up(NOW + 2 * DAY + HOUR) == 0
    report(NOW + 2 * DAY + HOUR)
    assert catch_up(NOW + 2 * DAY + 2 * HOUR) == 1

    assert done() == [("a", DONE)]
    assert not MissedDeadline.objects.filter(stands=True).exists()
    look_for_missed(NOW + 3 * DAY)
    report(NOW + 3 * DAY + HOUR)
    assert catch_up(NOW + 3 * DAY + 2 * HOUR) == 1


def test_a_box_that_sends_events_tells_of_it_itself() -> None:
    make_box()
    say("backup_failed", NOW - 2 * DAY)
    look_for_missed()
    report(NOW + HOUR)
    assert catch_up() == 0  # its event may be under way

    say("backup_ok", NOW + 2 * HOUR)

    assert catch_up(NOW + 3 * HOUR) == 0
    assert catch_up(NOW + 20 * DAY) == 0
    assert done() == []


def test_a_box_whose_events_have_ended_long_ago_is_one_that_reports() -> None:
    make_box()
    say("backup_completed", NOW - 15 * DAY)
    look_for_missed()

    report(NOW + HOUR)

    assert catch_up() == 1


def test_of_a_blocked_customer_nothing_is_told_while_it_is_blocked() -> None:
    customer = make_box()
    look_for_missed()
    report(NOW + HOUR)
    Customer.objects.filter(pk=customer.pk).update(blocked_at=NOW)
    assert catch_up() == 0

    Customer.objects.filter(pk=customer.pk).update(blocked_at=None)

    assert catch_up(NOW + 3 * HOUR) == 1


def test_whoever_got_the_alarm_gets_its_recovery_and_nobody_else(settings: Settings) -> None:
    mail = replace(settings.HUB.notifications, operator_email="operator@example.org", resend_api_key="re_key")
    settings.HUB = replace(settings.HUB, notifications=mail)
    for customer_id, types in (("wants", [MISSED]), ("does-not", [])):
        customer = make_box(customer_id)
        wishes = {"email": f"{customer_id}@example.hu", "enabled_events": json.dumps(types), "set_by": "controller"}
        Preferences.objects.create(customer=customer, updated_at=NOW, **wishes)
    look_for_missed()
    assert Alarm.objects.count() == 2

    report(NOW + HOUR)
    catch_up()

    told = Delivery.objects.filter(event_type=DONE, result="queued").order_by("customer__customer_id", "audience")
    assert list(told.values_list("customer__customer_id", "audience")) == [
        ("does-not", "operator"),
        ("wants", "customer"),
        ("wants", "operator"),
    ]
    assert not Alarm.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_hubs_that_look_at_once_one_tells() -> None:
    for number in range(5):
        make_box(f"c{number}")
    look_for_missed()
    report(NOW + HOUR)

    both_at_once(catch_up, catch_up)

    assert done() == [(f"c{number}", DONE) for number in range(5)]


def test_many_are_told_in_several_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caught_up, "BATCH", 2)
    for number in range(5):
        make_box(f"c{number}")
    look_for_missed()
    report(NOW + HOUR)

    assert catch_up() == 5
    assert len(done()) == 5


def test_the_hub_looks_every_few_minutes_beside_the_intake() -> None:
    load_jobs()

    job = JOBS["watch.look_for_made_up_backups"]
    assert (job.timetable, job.lane, job.label) == (Interval(timedelta(minutes=5)), Lane.PROMPT, "Backups made up for")
