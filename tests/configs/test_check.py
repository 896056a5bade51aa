import pytest
from tests.build import make_customer

from felhom_hub.configs.check import check_form, read_details
from felhom_hub.customers.credentials import Kind

pytestmark = pytest.mark.django_db
FORM = {"customer_id": "kovacs", "name": "Kovács", "domain": "kovacs.hu", "email": "p@kovacs.hu", "disk_high": "90"}
TOKEN = "eyJhIjoiMTIzNDU2Nzg5MCJ9"


def test_a_whole_form_has_no_problem_and_its_settings() -> None:
    settings, problems = check_form(FORM, {Kind.CF_API_TOKEN: TOKEN}, is_new=True)

    assert (settings.thresholds, problems) == ({"disk_high": 90.0}, {})
    assert read_details(FORM).name == "Kovács"


def test_each_field_has_its_own_sentence_and_a_token_is_not_repeated() -> None:
    wrong = {**FORM, "name": "", "domain": "https://x", "email": "x", "log_level": "loud", "overrides": "a:\n\tb: 1"}

    _, problems = check_form(wrong, {Kind.CF_API_TOKEN: "short-secret"}, is_new=False)

    assert sorted(problems) == ["cf_api_token", "domain", "email", "log_level", "name", "overrides"]
    assert "short-secret" not in str(problems)


@pytest.mark.parametrize(
    ("customer_id", "sentence"),
    [
        ("", "The customer's id must be"),
        ("a b", "The customer's id must be"),
        ("managed", "Already used by Kovács család. Free: managed-3."),
        ("manual", "Kovács Anna reports with it already. Choose Create config there."),
    ],
)
def test_an_id_that_cannot_be_taken_says_why_and_what_is_free(customer_id: str, sentence: str) -> None:
    make_customer("managed", name="Kovács család", is_managed=True)
    make_customer("managed-2", is_managed=True)
    make_customer("manual", name="Kovács Anna")

    _, problems = check_form({**FORM, "customer_id": customer_id}, {}, is_new=True)

    assert problems["customer_id"].startswith(sentence)


def test_the_id_of_a_customer_that_is_edited_is_not_asked_for() -> None:
    assert check_form({**FORM, "customer_id": ""}, {}, is_new=False)[1] == {}
