from datetime import datetime, timedelta

import pytest
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.servers.resend import Provider

from felhom_hub.notify.deliver import Tally, deliver_due
from felhom_hub.notify.gather import FEW, SUMMARY, gather_late
from felhom_hub.notify.models import Delivery, Preferences

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def deliver(at: datetime) -> Tally:
    return deliver_due(clock=lambda: at, chance=lambda: 0.0, is_over_time=lambda: False)


def queue(count: int, at: datetime = NOW) -> None:
    record_all_events([incoming_event(f"c{number}", received_at=at) for number in range(count)])


@pytest.mark.on_one_database
def test_six_hours_without_a_provider_lose_nothing_double_nothing_and_end_in_a_summary(resend: Provider) -> None:
    resend.is_down = True
    for minute in range(0, 360, 5):
        record_all_events([incoming_event(f"c{minute}", received_at=NOW + minute * MINUTE)])
        deliver(NOW + minute * MINUTE)
    assert resend.accepted == {}

    resend.is_down = False
    for minute in range(360, 400):
        deliver(NOW + minute * MINUTE)

    mails = list(resend.accepted.values())
    summary = Delivery.objects.get(event_type=SUMMARY)
    operators = Delivery.objects.filter(audience="operator", event__isnull=False)
    assert operators.filter(result="sent").count() + summary.gathered.count() == 72
    assert summary.result == "sent"
    # One was the first to come through, two were not late yet.
    assert operators.filter(result="sent").count() <= 1 + 2
    assert len(mails) == operators.filter(result="sent").count() + 1
    assert f"{summary.gathered.count()} messages were held up" in [mail["subject"].partition("] ")[2] for mail in mails]
    assert {row.reason for row in summary.gathered.all()} == {f"told in the summary {summary.pk}"}


def test_few_late_messages_stay_messages(resend: Provider) -> None:
    queue(FEW + 1)

    assert deliver(NOW + 30 * MINUTE) == Tally(sent=FEW + 1)
    assert len(resend.accepted) == FEW + 1


@pytest.mark.usefixtures("resend")
def test_what_is_not_late_or_perhaps_accepted_or_under_way_stays_its_own() -> None:
    queue(FEW + 4)
    young, uncertain, leased = Delivery.objects.filter(audience="operator").order_by("pk")[:3]
    Delivery.objects.filter(pk=young.pk).update(at=NOW + 25 * MINUTE)
    Delivery.objects.filter(pk=uncertain.pk).update(is_uncertain=True)
    Delivery.objects.filter(pk=leased.pk).update(lease_until=NOW + 31 * MINUTE)

    assert gather_late("email", NOW + 30 * MINUTE) == FEW + 1
    assert set(Delivery.objects.filter(result="queued", event__isnull=False)) == {young, uncertain, leased}


def test_each_recipient_has_its_own_and_a_customer_an_apology(resend: Provider) -> None:
    customer = make_customer("a", name="Anna")
    types = ["backup_failed", "disk_critical", "node_x", "db_dump_failed", "update_failed"]
    Preferences.objects.create(
        customer=customer, email="anna@example.hu", enabled_events=str(types).replace("'", '"'), cooldown_hours=0,
        set_by="controller", updated_at=NOW,
    )  # fmt: skip
    record_all_events([incoming_event("a", event_type=name) for name in types if name != "node_x"] * 2)

    deliver(NOW + 30 * MINUTE)

    subjects = sorted((mail["to"][0], mail["subject"]) for mail in resend.accepted.values())
    assert [each for each in subjects if each[0] == "anna@example.hu"] == [
        ("anna@example.hu", "Összefoglaló a szervere elmaradt értesítéseiről"),
    ]
    of_customer = Delivery.objects.get(event_type=SUMMARY, audience="customer")
    assert (of_customer.customer, of_customer.gathered.count()) == (customer, 8)
