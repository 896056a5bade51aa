import pytest
from tests.build import make_customer

from felhom_hub.configs.check import check_form, read_details
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details

FINE = {"name": "Kovács Péter", "domain": "kovacs.example.hu", "email": "peter@kovacs.example.hu"}

pytestmark = pytest.mark.django_db


def wrong(form: dict[str, str], *, is_new: bool = False, **tokens: str) -> dict[str, str]:
    return check_form(form, {Kind(name): token for name, token in tokens.items()}, is_new=is_new)[1]


def test_a_whole_form_is_fine() -> None:
    assert wrong(FINE, cf_api_token="a" * 40) == {}
    assert wrong({**FINE, "customer_id": " kovacs-peter "}, is_new=True) == {}
    assert read_details(FINE) == Details("Kovács Péter", "kovacs.example.hu", "peter@kovacs.example.hu")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = wrong({"disk_high": "x"}, is_new=True, cf_api_token="short")

    assert list(found) == ["disk_high", "name", "domain", "email", "cf_api_token", "customer_id"]
    assert found["name"] == "Must not be empty."


def test_an_id_that_is_there_leads_further() -> None:
    make_customer("managed", name="Anna", is_managed=True)
    make_customer("managed-2")
    make_customer("manual")

    def of(customer_id: str) -> str:
        return wrong({**FINE, "customer_id": customer_id}, is_new=True)["customer_id"]

    assert of("managed") == "Already used by Anna. Free: managed-3."
    assert of("manual") == "manual reports with it already. Choose Create config there."
    assert of("no id") == (
        "The customer's id must be 1 to 128 letters, digits, dots, dashes and underscores, beginning with a letter or "
        "digit."
    )
