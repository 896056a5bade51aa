from datetime import datetime, timedelta

import pytest
from django.db import transaction
from tests.build import NOW, incoming_event, record_all_events
from tests.servers.resend import Provider

from felhom_hub.base.db import Db
from felhom_hub.notify.deliver import Tally, deliver_due
from felhom_hub.notify.models import Alarm, Delivery
from felhom_hub.notify.remind import remind
from felhom_hub.watch.hearing import record_beats
from felhom_hub.watch.pulse import Beat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("resend")]

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def deliver(at: datetime) -> Tally:
    return deliver_due(clock=lambda: at, chance=lambda: 0.0, is_over_time=lambda: False)


def beat(at: datetime, *, is_set_back: bool = False) -> None:
    with transaction.atomic():
        record_beats(Db(), [Beat(at, "stalled", is_first=False, is_hearing=True, is_set_back=is_set_back)])


def set_right(ahead: timedelta) -> None:
    """The clock is so much ahead, something is told, and then the clock shows NOW."""
    beat(NOW + ahead)
    beat(NOW, is_set_back=True)


def test_a_message_does_not_wait_for_the_time_that_the_clock_had_shown(resend: Provider) -> None:
    ahead = 30 * HOUR
    record_all_events([incoming_event(received_at=NOW + ahead)])
    resend.behave(503)
    assert deliver(NOW + ahead + SECOND).postponed == 1

    set_right(ahead + 2 * SECOND)

    assert deliver(NOW) == Tally(sent=1)
    assert Delivery.objects.get(audience="operator").first_tried_at == NOW


def test_a_message_whose_worker_died_is_free_when_a_lease_from_now_would_end() -> None:
    ahead = 30 * HOUR
    record_all_events([incoming_event(received_at=NOW)])
    Delivery.objects.update(lease_until=NOW + ahead, lease_holder="gone")

    set_right(ahead)

    assert deliver(NOW + timedelta(minutes=5)) == Tally()
    assert deliver(NOW + timedelta(minutes=5, seconds=1)) == Tally(sent=1)


def test_of_an_alarm_the_reminder_comes_after_the_usual_time() -> None:
    ahead = 30 * HOUR
    record_all_events([incoming_event(received_at=NOW + ahead)])
    Alarm.objects.update(reminded_at=NOW + ahead)

    set_right(ahead)

    assert Alarm.objects.values_list("since_at", "reminded_at").get() == (NOW, NOW)
    assert remind(NOW + 23 * HOUR, every=24 * HOUR) == 0
    assert remind(NOW + 24 * HOUR, every=24 * HOUR) == 1
