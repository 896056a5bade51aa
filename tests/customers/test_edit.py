from dataclasses import replace

import pytest
from tests.build import NOW, make_customer

from felhom_hub.base.errors import Impossible, NotFound
from felhom_hub.customers.details import Details
from felhom_hub.customers.edit import edit_customer
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

PETER = Details("Kovács Péter", "kovacs.example.hu", "peter@kovacs.example.hu", "Győr")

pytestmark = pytest.mark.django_db


def test_the_audit_names_what_changed_and_not_its_value() -> None:
    make_customer(
        "a", name="Kovács Péter", domain="kovacs.example.hu", email="old@kovacs.example.hu", note="pays in cash"
    )

    assert edit_customer("a", PETER, now=NOW, by=COMMAND_LINE) == ("email", "town", "note")

    row = Customer.objects.get()
    assert (row.name, row.email, row.town, row.note) == ("Kovács Péter", "peter@kovacs.example.hu", "Győr", "")
    entries = list(AuditEntry.objects.values_list("action", "customer_id", "detail"))
    assert entries == [("customer_edited", "a", "email, town, note")]


def test_an_edit_that_changes_nothing_is_no_entry() -> None:
    make_customer("a")
    edit_customer("a", PETER, now=NOW, by=COMMAND_LINE)

    assert edit_customer("a", PETER, now=NOW, by=COMMAND_LINE) == ()
    assert AuditEntry.objects.count() == 1


def test_a_wrong_value_or_id_changes_nothing() -> None:
    make_customer("a", name="before")
    make_customer("gone", deleted_at=NOW)

    with pytest.raises(Impossible):
        edit_customer("a", replace(PETER, email="nobody"), now=NOW, by=COMMAND_LINE)
    for nobody in ("b", "gone", "\0"):
        with pytest.raises(NotFound):
            edit_customer(nobody, PETER, now=NOW, by=COMMAND_LINE)
    assert Customer.objects.get().name == "before"
