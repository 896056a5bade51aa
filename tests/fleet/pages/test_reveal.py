import json
from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.fleet.html import checked, report

from felhom_hub.customers.credentials import Kind, make_secrets
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.customers.tokens import change_tokens
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

TOKEN = "canary-cf-token-not-real-0000"


def a_managed_customer() -> dict[str, str]:
    """The secrets by their kinds."""
    report("a", customer_name="Kovács Péter")
    Customer.objects.update(is_managed=True, name="Kovács Péter")
    customer = Customer.objects.get()
    made = make_secrets(customer, now=NOW)
    change_tokens(customer, {Kind.CF_API_TOKEN: TOKEN}, frozenset(), now=NOW, by=COMMAND_LINE)
    return {"api_key": made.api_key or "", "retrieval_password": made.retrieval_password or "", "cf_api_token": TOKEN}


def ask(browser: Any, which: str, *, how: str = "reveal", accept: str = "application/json", of: str = "a") -> Any:
    fields = {"_csrf": browser.csrf, "which": which, "how": how}
    return browser.post(f"/customers/{of}/reveal", fields, headers={"accept": accept})


def entries() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.filter(address__gt="").order_by("pk").values_list("action", "detail", "address"))


def test_no_secret_is_in_any_page_before_it_is_asked_for(browser: Any) -> None:
    secrets = a_managed_customer()
    secrets["session_secret"] = json.loads(ask(browser, "session_secret").content)["value"]

    for path in ("/customers/a", "/", "/configs", "/configs/a/edit", "/audit", "/audit.csv", "/configuration"):
        answer = browser.get(path)
        text = (answer.getvalue() if answer.streaming else answer.content).decode()
        assert [kind for kind, secret in secrets.items() if secret in text] == [], path
    assert checked(browser, "/customers/a").count("••••••••••••••••") == 4


@pytest.mark.parametrize(("how", "action"), [("reveal", "secret_revealed"), ("copy", "secret_copied")])
@pytest.mark.parametrize("which", ["api_key", "retrieval_password", "cf_api_token"])
def test_the_script_gets_one_secret_and_the_audit_its_kind(browser: Any, which: str, how: str, action: str) -> None:
    secrets = a_managed_customer()

    answer = ask(browser, which, how=how)

    assert json.loads(answer.content) == {"ok": True, "value": secrets[which]}
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert entries() == [(action, which, "127.0.0.1")]


def test_without_scripts_a_page_shows_it(browser: Any) -> None:
    secrets = a_managed_customer()

    answer = ask(browser, "retrieval_password", accept="text/html,application/xhtml+xml")

    html = answer.content.decode()
    assert f'<output class="spoken">{secrets["retrieval_password"]}</output>' in html
    assert [secret for secret in secrets.values() if secret in html] == [secrets["retrieval_password"]]
    assert answer["Cache-Control"] == "no-store"
    assert entries() == [("secret_revealed", "retrieval_password", "127.0.0.1")]


@pytest.mark.parametrize("which", ["", "cf_tunnel_token", "nonsense", "api_key'--", "\x00"])
def test_what_is_not_held_is_not_found_and_not_recorded(browser: Any, which: str) -> None:
    a_managed_customer()

    assert ask(browser, which).status_code == 404
    assert json.loads(ask(browser, which).content)["ok"] is False
    page = ask(browser, which, accept="text/html")
    assert (page.status_code, "<h1>Nothing can be shown</h1>" in page.content.decode()) == (404, True)
    assert entries() == []


def test_nobody_has_secrets_but_the_managed(browser: Any) -> None:
    make_customer("manual")

    for customer_id in ("manual", "nobody", "<script>"):
        assert ask(browser, "api_key", of=customer_id).status_code == 404
    assert "Credentials" not in checked(browser, "/customers/manual").replace("of Credentials", "")


def test_a_secret_that_cannot_be_opened_says_why(browser: Any) -> None:
    a_managed_customer()
    Credential.objects.update(envelope=Credential.objects.get(kind=Kind.API_KEY).envelope)

    answer = ask(browser, "retrieval_password")

    assert answer.status_code == 500
    assert "was changed, or belongs to something else" in json.loads(answer.content)["error"]
    assert entries() == []


def test_it_takes_a_post_of_our_own_page(browser: Any) -> None:
    a_managed_customer()

    assert browser.get("/customers/a/reveal?which=api_key").status_code == 405
    assert browser.post("/customers/a/reveal", {"which": "api_key"}).status_code == 403
    allowed = browser.post("/customers/a/reveal", {"which": "api_key"}, headers={"x-csrf-token": browser.csrf})
    assert allowed.status_code == 200
