from collections import Counter
from datetime import timedelta

import pytest
from tests.build import NOW, incoming, incoming_event, make_customer, record, record_all_events

from felhom_hub.base.pace import AT_ONCE, Interrupted, Pace
from felhom_hub.events.models import Event
from felhom_hub.fleet.retention import clock_words, remove_old, removed_words
from felhom_hub.notify.models import Delivery, Told
from felhom_hub.operators.audit import COMMAND_LINE, record_audit
from felhom_hub.operators.models import AuditEntry
from felhom_hub.reports.models import Report
from felhom_hub.watch.models import DeafSpan, Incident, IncidentNode, MissedDeadline

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
KEEP = 90 * DAY


def a_past() -> None:
    """Reports, events and messages of 200 days and of today."""
    record_audit("signed_in", by=COMMAND_LINE, now=NOW - 200 * DAY)
    for days in (200, 199, 198, 0):
        record([incoming("a", received_at=NOW - days * DAY)])
        record_all_events([incoming_event("a", received_at=NOW - days * DAY)])
    Delivery.objects.update(result=Delivery.Result.SENT)


def test_every_room_removes_what_is_old_and_the_audit_stays() -> None:
    a_past()
    messages = Delivery.objects.count()
    removed: Counter[str] = Counter()

    assert remove_old(NOW, keep=KEEP, removed=removed, pace=AT_ONCE, is_over_time=lambda: False)

    assert removed == {"report": 3, "event": 3, "message": messages * 3 // 4}
    assert [Report.objects.count(), Event.objects.count(), Delivery.objects.count()] == [1, 1, messages // 4]
    assert AuditEntry.objects.count() == 1


def test_an_event_of_which_a_young_message_tells_stays_with_it() -> None:
    a_past()
    old = Event.objects.earliest("created_at")
    Delivery.objects.filter(event=old).update(at=NOW)

    remove_old(NOW, keep=KEEP, removed=Counter(), pace=AT_ONCE, is_over_time=lambda: False)

    assert Event.objects.filter(pk=old.pk).exists()


def test_when_time_is_over_the_rest_is_left_for_the_next_run() -> None:
    a_past()
    removed: Counter[str] = Counter()

    assert not remove_old(NOW, keep=KEEP, removed=removed, pace=AT_ONCE, is_over_time=lambda: True)
    assert removed == {"report": 3}
    assert remove_old(NOW, keep=KEEP, removed=removed, pace=AT_ONCE, is_over_time=lambda: False)
    assert removed["event"] == 3


def test_a_hub_that_stops_ends_it_between_two_portions() -> None:
    a_past()

    with pytest.raises(Interrupted):
        remove_old(
            NOW, keep=KEEP, removed=Counter(), pace=Pace(0.5, wait=lambda _seconds: True), is_over_time=lambda: False
        )

    assert (Report.objects.count(), Event.objects.count()) == (1, 4)


@pytest.mark.parametrize(
    ("removed", "words"),
    [
        ({}, "nothing to remove"),
        ({"report": 0}, "nothing to remove"),
        ({"report": 12_000, "event": 300}, "12,000 reports, 300 events removed"),
        ({"report": 1, "hour of app figures": 2}, "1 report, 2 hours of app figures removed"),
    ],
)
def test_what_was_removed_is_told(removed: dict[str, int], words: str) -> None:
    assert removed_words(Counter(removed)) == words


@pytest.mark.parametrize(
    ("behind", "words"),
    [
        (0 * DAY, ""),
        (DAY, ""),
        (3652.9 * DAY, "counted from 3,652 days ago, as the reports have it: "),
    ],
)
def test_that_the_reports_do_not_bear_the_clock_out_is_told(behind: timedelta, words: str) -> None:
    assert clock_words(NOW, NOW - behind) == words


def test_what_rooms_keep_of_silence_and_of_alarms_grows_old_too() -> None:
    old = NOW - 200 * DAY
    times = {"opened_at": old, "ended_at": old, "silent_since_at": old, "from_at": old, "until_at": old}
    incident = Incident.objects.create(**times, nodes=1, fleet=1)
    customer = make_customer("a")
    IncidentNode.objects.create(incident=incident, customer=customer, heard_at=old, joined_at=old, left_at=old)
    DeafSpan.objects.create(from_at=old, to_at=old + DAY, cause="off", told_at=old)
    MissedDeadline.objects.create(customer=customer, kind="backup", day=1, stands=False)
    Told.objects.create(subject=1, audience="operator", event_type="test", told_at=old)
    removed: Counter[str] = Counter()

    assert remove_old(NOW, keep=KEEP, removed=removed, pace=AT_ONCE, is_over_time=lambda: False)

    words = "1 memory of an alarm, 1 server of an incident, 1 incident, 1 deaf time, 1 missed backup removed"
    assert removed_words(removed) == words
