import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.build import NOW, make_customer
from tests.servers.browser import PASSWORD, session_token

from felhom_hub.base.secrets import open_text
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import settings_of
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.models import AuditEntry, Session

TOKEN = "eyJhIjoiMTIzNDU2Nzg5MCJ9"
FORM = {
    "customer_id": "kovacs-peter",
    "name": "Kovács Péter",
    "domain": "kovacs.example.hu",
    "email": "peter@kovacs.example.hu",
    "disk_high": "90",
    "overrides": "assets:\n  sync_enabled: true # nightly\n",
}

pytestmark = pytest.mark.django_db


def post(browser: Any, path: str, **form: str) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, **form})


def hidden(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return found[1] if found else ""


def test_a_new_customer_has_all_that_was_entered_and_its_page_comes_next(browser: Any) -> None:
    answer = post(browser, "/configs/new", **FORM, cf_api_token=TOKEN)

    assert (answer.status_code, answer["Location"]) == (303, "/customers/kovacs-peter")
    customer = Customer.objects.get()
    assert (customer.name, customer.is_managed) == ("Kovács Péter", True)
    config = CustomerConfig.objects.get()
    assert config.thresholds == {"disk_high": 90.0}
    assert settings_of(customer).overrides == FORM["overrides"]
    sealed = Credential.objects.get(kind="cf_api_token").envelope
    assert open_text(sealed, purpose="cf_api_token:kovacs-peter") == TOKEN
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "detail")) == [
        ("customer_added", ""),
        ("tokens_changed", "cf_api_token entered"),
        ("config_edited", "thresholds, overrides"),
    ]


def test_saving_twice_makes_one_customer(browser: Any) -> None:
    answers = [post(browser, "/configs/new", **FORM) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (Customer.objects.count(), AuditEntry.objects.filter(action="customer_added").count()) == (1, 1)


def test_a_used_id_is_refused_with_a_free_one(browser: Any) -> None:
    make_customer("kovacs-peter", name="Kovács család", is_managed=True)

    answer = post(browser, "/configs/new", **FORM)

    assert answer.status_code == 422
    assert "Already used by Kovács család. Free: kovacs-peter-2." in answer.content.decode()


def test_a_failed_save_loses_nothing_and_shows_no_token(browser: Any) -> None:
    answer = post(browser, "/configs/new", **{**FORM, "email": "nobody"}, cf_tunnel_token=TOKEN)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not saved: 1 field needs a change" in page
    assert 'value="Kovács Péter"' in page
    assert TOKEN not in page
    assert Customer.objects.count() == 0

    again = post(browser, "/configs/new", **FORM, kept_cf_tunnel_token=hidden(answer, "kept_cf_tunnel_token"))
    assert again.status_code == 303
    sealed = Credential.objects.get(kind="cf_tunnel_token").envelope
    assert open_text(sealed, purpose="cf_tunnel_token:kovacs-peter") == TOKEN


def test_a_typed_token_that_cannot_be_saved_can_be_forgotten(browser: Any) -> None:
    refused = post(browser, "/configs/new", **FORM, cf_tunnel_token="short")
    kept = {"kept_cf_tunnel_token": hidden(refused, "kept_cf_tunnel_token")}

    assert post(browser, "/configs/new", **FORM, **kept).status_code == 422
    assert post(browser, "/configs/new", **FORM, **kept, drop_cf_tunnel_token="1").status_code == 303
    assert not Credential.objects.filter(kind="cf_tunnel_token").exists()


def test_a_stored_token_is_never_in_the_page(browser: Any) -> None:
    post(browser, "/configs/new", **FORM, cf_api_token=TOKEN)

    answer = browser.get("/configs/kovacs-peter/edit")

    assert "Set, entered" in answer.content.decode()
    assert TOKEN not in answer.content.decode()
    assert Credential.objects.get(kind="cf_api_token").envelope not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_an_edit_keeps_a_token_that_was_left_empty_and_removes_one_on_demand(browser: Any) -> None:
    post(browser, "/configs/new", **FORM, cf_api_token=TOKEN, cf_tunnel_token=TOKEN)
    seen = hidden(browser.get("/configs/kovacs-peter/edit"), "seen")

    answer = post(browser, "/configs/kovacs-peter/edit", **FORM, seen=seen, remove_cf_api_token="1", town="Győr")

    assert (answer.status_code, answer["Location"]) == (303, "/customers/kovacs-peter")
    live = Credential.objects.filter(revoked_at=None).values_list("kind", flat=True)
    assert "cf_tunnel_token" in live
    assert "cf_api_token" not in live
    assert Customer.objects.get().town == "Győr"


def test_the_later_of_two_saves_is_refused_with_both_values(browser: Any) -> None:
    post(browser, "/configs/new", **FORM)
    seen = hidden(browser.get("/configs/kovacs-peter/edit"), "seen")
    assert post(browser, "/configs/kovacs-peter/edit", **FORM, seen=seen, town="Győr").status_code == 303

    refused = post(browser, "/configs/kovacs-peter/edit", **FORM, seen=seen, town="Szeged", cf_api_token=TOKEN)

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "stored now “<bdi>Győr</bdi>”, yours “<bdi>Szeged</bdi>”" in page
    assert TOKEN not in page
    assert Customer.objects.get().town == "Győr"
    kept = {name: hidden(refused, name) for name in ("seen", "kept_cf_api_token")}
    assert post(browser, "/configs/kovacs-peter/edit", **FORM, **kept, town="Szeged").status_code == 303
    assert Customer.objects.get().town == "Szeged"
    assert Credential.objects.filter(kind="cf_api_token").count() == 1


def test_an_incomplete_configuration_says_what_is_missing(browser: Any) -> None:
    make_customer("a", name="Anna", is_managed=True)

    page = browser.get("/configs/a/edit").content.decode()

    assert "This configuration is not complete" in page
    assert '<a href="#f-email">Contact email</a>' in page
    assert '<a href="#f-domain">Domain</a>' in page


@pytest.mark.parametrize(("customer_id", "status"), [("manual", 409), ("nobody", 404), ("deleted", 404)])
def test_only_a_managed_customer_has_a_form(browser: Any, customer_id: str, status: int) -> None:
    make_customer("manual")
    make_customer("deleted", is_managed=True, deleted_at=NOW)

    assert browser.get(f"/configs/{customer_id}/edit").status_code == status


def test_the_check_says_what_is_wrong_and_stores_nothing(browser: Any) -> None:
    answer = post(browser, "/configs/check", **{**FORM, "disk_high": "200"}, cf_api_token="short")

    assert sorted(json.loads(answer.content)["problems"]) == ["cf_api_token", "disk_high"]
    assert Customer.objects.count() == 0


def test_the_form_costs_the_same_however_many_customers_there_are(
    browser: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_customer(f"c{number}", is_managed=True)

    with django_assert_max_num_queries(10):
        browser.get("/configs/c3/edit")


def test_a_token_that_was_kept_in_an_earlier_sign_in_is_asked_for_and_not_left_out(browser: Any) -> None:
    failed = post(browser, "/configs/new", **{**FORM, "email": "nobody"}, cf_tunnel_token=TOKEN)
    browser.cookies["hub_session"] = session_token(NOW)
    browser.csrf = Session.objects.exclude(csrf_token=browser.csrf).get().csrf_token
    kept = {"kept_cf_tunnel_token": hidden(failed, "kept_cf_tunnel_token")}

    answer = post(browser, "/configs/new", **FORM, **kept)
    checked = post(browser, "/configs/check", **FORM, **kept)

    sentence = "Type it once more: you have signed in anew since."
    assert (answer.status_code, Customer.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()
    assert checked.json()["problems"] == {"cf_tunnel_token": sentence}


CROSS_SITE = {"headers": {"host": "localhost", "sec-fetch-site": "cross-site"}}


def send(browser: Any, path: str, form: dict[str, str], **more: Any) -> Any:
    """As a browser sends a form; Django's client would send it as one with files."""
    return browser.post(path, urlencode(form), content_type="application/x-www-form-urlencoded", **more)


def fields_of(answer: Any) -> dict[str, str]:
    """What a page without scripts would send on from its hidden fields."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.content.decode())
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize("is_cookie_gone", [False, True])
@pytest.mark.parametrize("path", ["/configs/new", "/configs/balogh/edit"])
def test_what_was_typed_comes_back_after_a_sign_in_that_ended_meanwhile(
    browser: Any, path: str, is_cookie_gone: bool
) -> None:
    make_customer("balogh", name="Balogh", domain="balogh.example.hu", email="b@balogh.example.hu", is_managed=True)
    seen = hidden(browser.get("/configs/balogh/edit"), "seen")
    Session.objects.all().delete()
    if is_cookie_gone:
        del browser.cookies["hub_session"]

    typed = {**FORM, "name": 'Új "<b>név', "seen": seen, "remove_cf_tunnel_token": "1"}
    asked = send(browser, path, {**typed, "_csrf": browser.csrf, "cf_api_token": TOKEN})
    again = send(browser, "/login", {**fields_of(asked), "password": "wrong"})
    signed_in = send(browser, "/login", {**fields_of(again), "password": PASSWORD})
    form = send(browser, path, fields_of(signed_in))

    assert [each.status_code for each in (asked, again, signed_in, form)] == [401, 403, 200, 200]
    assert TOKEN not in "".join(each.content.decode() for each in (asked, again, signed_in, form))
    html = form.content.decode()
    assert "Not saved yet: your sign-in had ended" in html
    assert "Type it once more: you have signed in anew since." in html
    assert 'value="Új &quot;&lt;b&gt;név"' in html
    assert "sync_enabled: true # nightly" in html
    assert Customer.objects.get().name == "Balogh"
    csrf = hidden(form, "_csrf")
    saved = send(browser, path, {**FORM, "_csrf": csrf, "seen": hidden(form, "seen"), "cf_api_token": TOKEN})
    assert (saved.status_code, Credential.objects.filter(kind="cf_api_token").count()) == (303, 1)


def test_a_foreign_site_fills_no_form_in_through_the_sign_in(browser: Any) -> None:
    Session.objects.all().delete()
    del browser.cookies["hub_session"]

    for more in (CROSS_SITE, {"headers": {"host": "localhost", "origin": "https://evil.example"}}):
        answer = send(browser, "/configs/new", FORM, **more)
        assert (answer.status_code, answer["Location"]) == (302, "/login?next=/")
        signed_in = send(browser, "/login", {**FORM, "next": "/configs/new", "password": PASSWORD}, **more)
        assert signed_in.status_code == 403
    assert Session.objects.count() == 0
