from datetime import datetime, timedelta

import pytest
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.servers.smtp import Mailbox

from felhom_hub.notify.deliver import Tally, deliver_due
from felhom_hub.notify.models import Delivery

pytestmark = pytest.mark.django_db


def deliver(at: datetime = NOW) -> Tally:
    return deliver_due(clock=lambda: at, chance=lambda: 0.0, is_over_time=lambda: False)


def test_an_event_reaches_the_operator_by_mail(mailbox: Mailbox) -> None:
    make_customer("kovacs-peter", name="Kovács Péter")
    record_all_events([incoming_event()])

    assert deliver() == Tally(sent=1)
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("operator@example.org", "[ERROR] Kovács Péter: backup failed")
    delivery = Delivery.objects.get(audience="operator")
    assert (delivery.result, delivery.attempts, delivery.ended_at) == ("sent", 1, NOW)
    assert mail["Message-ID"] == f"<{delivery.key}@example.org>"
    assert deliver(NOW + timedelta(days=2)) == Tally()
