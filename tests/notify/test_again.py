from datetime import timedelta

import pytest
from tests.build import NOW, incoming_event, record_all_events
from tests.notify.messages import make_suppression
from tests.servers.resend import Provider

from felhom_hub.base.errors import Conflict, NotFound
from felhom_hub.notify.again import send_again
from felhom_hub.notify.deliver import Tally, deliver_due
from felhom_hub.notify.models import Delivery
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def deliver() -> Tally:
    return deliver_due(clock=lambda: LATER, chance=lambda: 0.0, is_over_time=lambda: False)


def failed_one(resend: Provider) -> Delivery:
    record_all_events([incoming_event("a")])
    resend.behave(422)
    deliver()
    return Delivery.objects.get(result="failed")


def test_a_failed_message_is_sent_again_as_a_new_one_to_the_present_address(resend: Provider) -> None:
    failed = failed_one(resend)
    Delivery.objects.filter(pk=failed.pk).update(recipient="old@example.org")

    pk = send_again(failed.pk, now=LATER, by=COMMAND_LINE)

    assert deliver() == Tally(sent=1)
    again = Delivery.objects.get(pk=pk)
    assert (again.result, again.recipient, again.again_of_id) == ("sent", "operator@example.org", failed.pk)
    assert again.key != failed.key
    assert Delivery.objects.get(pk=failed.pk).result == "failed"
    assert list(AuditEntry.objects.values_list("action", "customer_id")) == [("delivery_sent_again", "a")]


def test_asked_for_twice_it_is_sent_once(resend: Provider) -> None:
    failed = failed_one(resend)

    first = send_again(failed.pk, now=LATER, by=COMMAND_LINE)
    assert send_again(failed.pk, now=LATER, by=COMMAND_LINE) == first
    assert deliver() == Tally(sent=1)


def test_what_has_not_failed_or_has_no_address_is_not_sent_again(resend: Provider) -> None:
    failed = failed_one(resend)
    skipped = Delivery.objects.get(audience="customer")

    with pytest.raises(NotFound):
        send_again(failed.pk + 999, now=LATER, by=COMMAND_LINE)
    with pytest.raises(Conflict, match="Only a failed message"):
        send_again(skipped.pk, now=LATER, by=COMMAND_LINE)
    Delivery.objects.filter(pk=skipped.pk).update(result="failed")
    with pytest.raises(Conflict, match="No address"):
        send_again(skipped.pk, now=LATER, by=COMMAND_LINE)
    assert not AuditEntry.objects.exists()


def test_a_message_to_an_address_that_bounces_is_not_sent_again(resend: Provider) -> None:
    failed = failed_one(resend)
    make_suppression("operator@example.org")

    with pytest.raises(Conflict, match=r"^Mail to the address came back, so it is not mailed any more$"):
        send_again(failed.pk, now=LATER, by=COMMAND_LINE)
