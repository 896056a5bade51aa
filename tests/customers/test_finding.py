import pytest
from django.db.models import F
from tests.build import make_customer

from felhom_hub.base.folding import folded
from felhom_hub.customers.finding import BY_NAME, FOLDED_NAMES, hold
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


@pytest.mark.parametrize("text", ["kov", "ö", "k1", ".z", "-", "ss", "\u0301", "nobody"])
def test_texts_hold_what_python_finds_in_them(text: str) -> None:
    for number, name in enumerate(NAMES):
        make_customer(f"K{number}.Z", name=name, town=NAMES[-number])
    wanted = folded(text)

    found = Customer.objects.filter(hold((*FOLDED_NAMES, F("folded_town")), wanted))

    plain = [row.pk for row in Customer.objects.all() if wanted in folded(f"{row.name}\n{row.customer_id}\n{row.town}")]
    assert [row.pk for row in found] == plain
