import pytest
from tests.build import make_customer

from felhom_hub.base.folding import folded
from felhom_hub.customers.finding import BY_NAME, FOLDED_ID, FOLDED_TEXT
from felhom_hub.customers.models import Customer

pytestmark = pytest.mark.django_db

NAMES = ("Kovács Péter", "kovacs peter", "KOVÁCS", "", "Ő", "o", "z", "Straße", "\u0301", "I", "İ", "a-b", "a b")


def test_customers_are_ordered_by_their_shown_names_without_case_and_accents() -> None:
    for number, name in enumerate(NAMES):
        make_customer(f"K{number}-Z", name=name)

    found = Customer.objects.annotate(by=BY_NAME).order_by("by", "pk").values_list("customer_id", "name", "by")

    rows = Customer.objects.order_by("pk").values_list("customer_id", "name")
    plain = [(customer_id, name, folded(name or customer_id)) for customer_id, name in rows]
    assert list(found) == sorted(plain, key=lambda row: row[2])


def test_the_text_to_search_is_what_python_makes_of_name_id_and_town() -> None:
    for number, name in enumerate(NAMES):
        make_customer(f"K{number}.Z", name=name, town=NAMES[-number])

    rows = Customer.objects.annotate(text=FOLDED_TEXT, id_text=FOLDED_ID)

    assert [(row.text, row.id_text) for row in rows] == [
        (folded(f"{row.name}\n{row.customer_id}\n{row.town}"), folded(row.customer_id)) for row in rows
    ]
