"""Missed backups as they are told: to whom, once, and by which words."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.build import incoming_event, make_customer, make_node, record_all_events
from tests.two_hubs import both_at_once

from felhom_hub.customers.delete import delete_customer
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.watch import missed
from felhom_hub.watch.deadlines import Verdict, verdict_of
from felhom_hub.watch.deaf_time import Span
from felhom_hub.watch.missed import check_deadlines
from felhom_hub.watch.models import MissedDeadline, NodeLevel

pytestmark = pytest.mark.django_db

BUDAPEST = ZoneInfo("Europe/Budapest")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 05:00 in Budapest
BACKUP, DUMP = "expected_backup_missed", "expected_dbdump_missed"


def make_box(customer_id: str, *, joined: datetime = NOW - 100 * DAY, **columns: object) -> Customer:
    """A customer whose box reports still."""
    customer = make_customer(customer_id, created_at=joined)
    heard = {"first_received_at": joined, "position_at": NOW, "clock_skew_seconds": 0.0}
    make_node(customer, last_received_at=NOW, **{**heard, **columns})
    return customer


def say(customer_id: str, event_type: str, at: datetime) -> None:
    record_all_events([incoming_event(customer_id, event_type=event_type, severity="info", received_at=at)])


def look(now: datetime = NOW, deaf: Sequence[Span] = ()) -> dict[Verdict, int]:
    return dict(check_deadlines(now, zone=BUDAPEST, deaf=deaf))


def told() -> list[tuple[str | None, str]]:
    events = Event.objects.filter(event_type__startswith="expected_").order_by("customer__customer_id", "event_type")
    return list(events.values_list("customer__customer_id", "event_type"))


def test_who_said_nothing_since_midnight_is_told_missing_by_kind() -> None:
    for customer_id in ("both", "backup-only", "neither", "never"):
        make_box(customer_id)
    for customer_id in ("both", "backup-only", "neither"):
        say(customer_id, "backup_completed", NOW - DAY)
        say(customer_id, "dbdump_success", NOW - DAY)
    say("both", "backup_ok", NOW - HOUR)
    say("both", "db_dump_completed", NOW - 2 * HOUR)
    say("backup-only", "backup_completed", NOW - 2 * HOUR)
    say("backup-only", "db_dump_failed", NOW - 2 * HOUR)

    counts = look()

    assert told() == [("backup-only", DUMP), ("neither", BACKUP), ("neither", DUMP)]
    assert counts == {Verdict.MISSED: 3, Verdict.DONE: 3, Verdict.NOT_EXPECTED: 2}


def test_the_event_says_since_when_and_when_it_was_done_last() -> None:
    make_box("a", last_backup_at=NOW - 30 * HOUR, last_db_dump_at=NOW - 3 * DAY, last_db_dump_ok=False)

    look()

    backup, dump = Event.objects.order_by("event_type")
    assert (backup.severity, backup.source, backup.created_at) == ("warning", "hub", NOW)
    assert backup.message == "No backup since 23 Nov 2026, 00:00; the last one was on 21 Nov 2026, 23:00."
    assert dump.message == "No database dump since 23 Nov 2026, 00:00."
    assert backup.details_json == '{"day": "2026-11-23", "last_done_at": "2026-11-21T22:00:00.000Z"}'


def test_old_controllers_that_send_no_events_are_judged_by_their_reports() -> None:
    make_box("done", last_backup_at=NOW - HOUR, last_backup_ok=True)
    make_box("missed", last_backup_at=NOW - DAY, last_backup_ok=True)
    make_box("ahead", last_backup_at=NOW + HOUR, clock_skew_seconds=86400.0)
    make_box("never", last_backup_at=datetime(1, 1, 1, tzinfo=UTC))

    look()

    assert told() == [("ahead", BACKUP), ("missed", BACKUP)]


def test_who_ended_its_backups_more_than_two_weeks_ago_is_not_asked_for_them() -> None:
    make_box("lately")
    make_box("long-ago")
    say("lately", "backup_completed", NOW - 14 * DAY)
    say("long-ago", "backup_completed", NOW - 14 * DAY - timedelta(milliseconds=1))

    look()

    assert told() == [("lately", BACKUP)]


def test_blocked_pending_deleted_and_new_customers_are_left_alone() -> None:
    old = {"last_backup_at": NOW - DAY}
    for customer_id in ("blocked", "deleted", "usual"):
        make_box(customer_id, **old)
    make_box("paused", monitoring_paused=True, **old)
    make_box("not-paused", monitoring_paused=False, **old)
    Customer.objects.filter(customer_id="blocked").update(blocked_at=NOW - HOUR)
    delete_customer("deleted", now=NOW - HOUR, by=COMMAND_LINE)
    make_box("new", joined=NOW - 4 * HOUR, **old)
    make_customer("pending", created_at=NOW - DAY)
    say("pending", "backup_completed", NOW - DAY)

    look()

    assert told() == [("not-paused", BACKUP), ("usual", BACKUP)]


def test_a_box_that_is_silent_has_its_alarm_already_and_is_asked_again_the_next_day() -> None:
    levels = {"down": "down", "stale": "stale", "back": "heard", "never-looked-at": None}
    for customer_id, level in levels.items():
        customer = make_box(customer_id, last_backup_at=NOW - 2 * DAY)
        if level is not None:
            NodeLevel.objects.create(customer=customer, level=level, since_at=NOW, heard_at=NOW - DAY, is_told=True)

    assert look() == {Verdict.SILENT: 2, Verdict.MISSED: 2, Verdict.NOT_EXPECTED: 4}
    assert told() == [("back", BACKUP), ("never-looked-at", BACKUP)]

    NodeLevel.objects.update(level="heard")
    look(NOW + DAY)
    assert {customer_id for customer_id, _ in told()} == set(levels)


def test_each_is_told_once_a_day_however_often_it_is_looked_for() -> None:
    make_box("a", last_backup_at=NOW - 2 * DAY)

    for at in (NOW, NOW, NOW + HOUR, NOW + 19.5 * HOUR):
        look(at)
    assert told() == [("a", BACKUP)]

    look(NOW + DAY)
    assert told() == [("a", BACKUP)] * 2
    assert MissedDeadline.objects.count() == 2


def test_before_the_deadline_nobody_is_blamed_for_today() -> None:
    make_box("a", last_backup_at=NOW - 26 * HOUR)  # in the night before

    assert look(NOW - HOUR) == {Verdict.DONE: 1, Verdict.NOT_EXPECTED: 1}
    assert look(NOW) == {Verdict.MISSED: 1, Verdict.NOT_EXPECTED: 1}


def test_what_the_hub_could_not_hear_is_unknown_and_told_to_nobody() -> None:
    make_box("events")
    say("events", "backup_completed", NOW - DAY)
    make_box("reports", last_backup_at=NOW - DAY)
    deaf = [Span(NOW - 3 * HOUR, NOW - 2 * HOUR)]

    counts = look(deaf=deaf)

    assert told() == [("reports", BACKUP)]  # it has said since that it has none
    assert counts == {Verdict.UNKNOWN: 1, Verdict.MISSED: 1, Verdict.NOT_EXPECTED: 2}


def test_a_word_that_comes_while_the_hub_looks_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    make_box("a")
    say("a", "backup_completed", NOW - DAY)

    def slow(*args: object, **kwargs: object) -> Verdict:
        found = verdict_of(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came
        say("a", "backup_completed", NOW + timedelta(seconds=1))
        return found

    monkeypatch.setattr(missed, "verdict_of", slow)
    look()

    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_hubs_that_look_at_once_one_tells() -> None:
    for number in range(5):
        make_box(f"c{number}", last_backup_at=NOW - DAY)

    both_at_once(look, look)

    assert told() == [(f"c{number}", BACKUP) for number in range(5)]


def test_many_are_told_in_several_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "BATCH", 2)
    for number in range(5):
        make_box(f"c{number}", last_backup_at=NOW - DAY)

    assert look()[Verdict.MISSED] == 5
    assert len(told()) == 5


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29),
        date(2028, 3, 26), date(2028, 10, 29), date(2029, 3, 25), date(2029, 10, 28), date(2030, 3, 31),
        date(2030, 10, 27),
    ],
)  # fmt: skip
def test_a_backup_just_after_local_midnight_counts_and_one_just_before_does_not(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=BUDAPEST).astimezone(UTC)
    now = datetime(day.year, day.month, day.day, 5, tzinfo=BUDAPEST).astimezone(UTC)
    for customer_id, at in (("after", midnight), ("before", midnight - timedelta(milliseconds=1))):
        make_box(customer_id, joined=midnight - DAY)
        say(customer_id, "backup_completed", at)

    look(now)

    assert told() == [("before", BACKUP)]
