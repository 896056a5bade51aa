import pytest
from tests.build import NOW, make_customer
from tests.notify.conftest import SetUp
from tests.notify.messages import make_suppression, make_wishes

from felhom_hub.base.errors import NotFound
from felhom_hub.notify.models import Suppression
from felhom_hub.notify.record import forget_customer
from felhom_hub.notify.suppressions import Held, held_address, mail_again, suppressed
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_addresses_are_found_whatever_their_case_and_name() -> None:
    make_suppression("anna@example.hu")
    make_suppression("bela@example.hu", cause="complained")

    found = suppressed(["Anna <ANNA@Example.hu>", "bela@example.hu", "cili@example.hu", ""])

    assert found == {
        "anna@example.hu": "mail to the address came back",
        "bela@example.hu": "the owner of the address called our mail spam",
    }
    assert held_address("Anna@example.hu") == Held("mail to the address came back", "no such user", NOW)
    assert held_address("") is None
    assert suppressed([]) == {}


def test_an_address_is_mailed_again_and_the_audit_names_its_customers() -> None:
    for name in ("b", "a"):
        make_wishes(make_customer(name), email="Anna@example.hu")
    make_suppression("anna@example.hu")

    mail_again("anna@Example.hu", now=NOW, by=COMMAND_LINE)

    assert suppressed(["anna@example.hu"]) == {}
    entries = AuditEntry.objects.order_by("pk").values_list("action", "customer_id")
    assert list(entries) == [("address_mailed_again", "a"), ("address_mailed_again", "b")]
    with pytest.raises(NotFound):
        mail_again("anna@example.hu", now=NOW, by=COMMAND_LINE)


def test_with_its_last_customer_an_address_is_forgotten(notifications: SetUp) -> None:
    notifications(operator_email="Hub <operator@example.org>")
    first, second = make_customer("a"), make_customer("b")
    for customer in (first, second):
        make_wishes(customer, email="anna@example.hu")
    make_wishes(make_customer("c"), email="operator@example.org")
    for address in ("anna@example.hu", "operator@example.org"):
        make_suppression(address)

    forget_customer(first.pk)
    assert Suppression.objects.count() == 2

    forget_customer(second.pk)
    forget_customer(make_customer("d").pk)
    assert [each.address for each in Suppression.objects.all()] == ["operator@example.org"]
