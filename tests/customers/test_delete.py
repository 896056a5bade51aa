from datetime import timedelta

import pytest
from tests.build import NOW, incoming, incoming_event, make_customer, record, record_all_events

from felhom_hub.base.errors import NotFound, Unauthorized
from felhom_hub.customers.auth import caller_of, digest_of
from felhom_hub.customers.credentials import check_retrieval_password
from felhom_hub.customers.delete import delete_customer
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.queries import all_customers, count_blocked, customer_of
from felhom_hub.customers.register import Registered, add_customer
from felhom_hub.events.models import Event
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.reports.queries import customers_page

LATER = NOW + timedelta(minutes=15)
PETER = Details(
    "Kovács Péter", "kovacs.example.hu", "peter@kovacs.example.hu", "Győr", "+36 1 234 5678", "pays in cash"
)

pytestmark = pytest.mark.django_db


def added() -> Registered:
    registered = add_customer("kovacs-peter", PETER, now=NOW, by=COMMAND_LINE)
    record([incoming()])
    record_all_events([incoming_event()])
    return registered


def test_what_the_operator_wrote_and_every_key_is_gone_and_what_the_box_sent_is_kept() -> None:
    registered = added()

    assert delete_customer("kovacs-peter", now=LATER, by=COMMAND_LINE)

    row = Customer.everyone.get()
    assert (row.name, row.domain, row.email, row.town, row.phone, row.note) == ("",) * 6
    assert (row.customer_id, row.is_managed, row.deleted_at) == ("kovacs-peter", False, LATER)
    assert (Credential.objects.count(), Report.objects.count(), Event.objects.count()) == (0, 1, 1)
    with pytest.raises(Unauthorized):
        caller_of(f"Bearer {registered.secrets.api_key}", now=NOW)
    assert not check_retrieval_password("kovacs-peter", registered.secrets.retrieval_password or "")
    assert AuditEntry.objects.order_by("-pk").values_list("action", "customer_id").first() == (
        "customer_deleted",
        "kovacs-peter",
    )


def test_nobody_finds_a_deleted_customer() -> None:
    make_customer("other", blocked_at=NOW)
    make_customer("blocked", blocked_at=NOW)
    delete_customer("blocked", now=NOW, by=COMMAND_LINE)

    assert [each.customer_id for each in all_customers()] == ["other"]
    assert count_blocked() == 1
    assert [each.customer_id for each in customers_page(now=NOW, limit=9)[0]] == ["other"]
    with pytest.raises(NotFound):
        customer_of("blocked")
    with pytest.raises(NotFound):
        delete_customer("blocked", now=NOW, by=COMMAND_LINE)


def test_its_own_key_is_refused_and_the_global_key_brings_it_back_with_its_history() -> None:
    registered = added()
    delete_customer("kovacs-peter", now=LATER, by=COMMAND_LINE)

    (refused,) = record([incoming(received_at=LATER, key_digest=digest_of(registered.secrets.api_key or ""))])
    assert isinstance(refused, Unauthorized)
    assert not Customer.objects.exists()

    record([incoming(received_at=LATER)])
    row = Customer.objects.get()
    assert (row.name, row.is_managed, row.created_at) == ("Kovács Péter", False, NOW)
    assert Report.objects.filter(customer=row).count() == 2
    assert NodeState.objects.get().first_received_at == NOW


def test_an_event_brings_it_back_too() -> None:
    added()
    delete_customer("kovacs-peter", now=LATER, by=COMMAND_LINE)

    record_all_events([incoming_event(received_at=LATER)])

    assert Customer.objects.get().is_managed is False
