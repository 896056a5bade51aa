from typing import Any

import pytest
from tests.boxes.conftest import DETAILS, KATA, Served, carry_out, point_to
from tests.build import NOW, make_customer, make_node
from tests.fleet.html import checked, title

from felhom_hub.boxes.models import Call
from felhom_hub.configs.generate import generate
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import settings_of
from felhom_hub.controllers.models import ConfirmedHost
from felhom_hub.customers.credentials import machine_secrets
from felhom_hub.customers.held_keys import api_keys_held
from felhom_hub.customers.models import Customer
from felhom_hub.operators.models import AuditEntry
from felhom_hub.reports.wanted import wanted_of

pytestmark = pytest.mark.django_db

BOX = "/customers/kiss-foto"
DIFF = f"{BOX}/diff"


def post(browser: Any, path: str, **fields: str) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, **fields})


def hidden(html: str, name: str) -> str:
    return html.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def changed(content: bytes) -> bytes:
    """As somebody at the box has edited it."""
    text = content.decode().replace('sync_schedule: "03:30"', 'sync_schedule: "05:00"')
    return f"{text}apps:\n  jellyfin:\n    hw: vaapi\n  mail:\n    password: canary-7\n".encode()


def test_from_the_button_to_the_differences(browser: Any, customer: Customer, served: Served) -> None:
    served.has(changed(generate(customer).content))
    assert title(checked(browser, DIFF)) == "Kiss Fotó: config differences"
    assert "Not compared yet" in checked(browser, DIFF)

    answer = post(browser, f"{BOX}/compare")
    assert (answer.status_code, answer["Location"]) == (303, DIFF)
    waiting = checked(browser, DIFF)
    assert 'data-soon="2"' in waiting
    assert "Reading the controller’s configuration" in waiting
    carry_out()
    html = checked(browser, DIFF)

    assert "<h1>3 keys differ</h1>" in html
    assert "<ins><bdi>&quot;03:30&quot;</bdi></ins>" in html
    assert "<del><bdi>&quot;05:00&quot;</bdi></del>" in html
    assert "only on controller" in html
    assert "<b>1 changed value</b> and <b>loses 2 keys</b>" in html
    assert "<b>0 changed values</b>, <b>adds 2 keys</b> and <b>drops 0 overrides</b>" in html
    assert 'data-soon="2"' not in html
    for secret in (*machine_secrets(customer).values(), "canary-7"):
        assert secret not in html


def test_a_push_and_nothing_differs_any_more(browser: Any, customer: Customer, served: Served) -> None:
    served.has(changed(generate(customer).content))
    post(browser, f"{BOX}/compare")
    carry_out()
    question = checked(browser, f"{BOX}/push")
    for html in (question, checked(browser, DIFF)):  # as a page, and as the dialog
        assert "3 keys would change on the controller" in html
        assert "2 keys it has now would be removed." in html

    answer = post(browser, f"{BOX}/push", seen_sha256=hidden(question, "seen_sha256"))
    assert (answer.status_code, answer["Location"]) == (303, BOX)
    carry_out()

    assert served.config.read() == generate(customer).content
    assert "Pushed since it was compared" in checked(browser, DIFF)
    post(browser, f"{BOX}/compare")
    carry_out()
    html = checked(browser, DIFF)
    assert "No value differs" in html
    assert "There is nothing to push" in html
    assert 'id="d-push"' not in html
    assert "Nothing would change on the controller" in checked(browser, f"{BOX}/push")
    assert "There is nothing to pull" in html
    assert "Show 17 equal keys" in html


def test_a_pull_stores_what_the_page_showed(browser: Any, customer: Customer, served: Served) -> None:
    served.has(changed(generate(customer).content))
    post(browser, f"{BOX}/compare")
    carry_out()
    html = checked(browser, DIFF)

    answer = post(browser, f"{BOX}/pull", reading=hidden(html, "reading"), seen=hidden(html, "seen"))

    assert (answer.status_code, answer["Location"]) == (303, DIFF)
    assert settings_of(customer).overrides == 'assets:\n  sync_schedule: "05:00"\napps:\n  jellyfin:\n    hw: vaapi\n'
    after = checked(browser, DIFF)
    assert "1 key differs" in after  # the secret, which no override holds
    assert "canary" not in after
    assert AuditEntry.objects.get(action="config_pulled").detail == "0 changed, 2 added, 0 dropped"


def test_what_was_changed_since_is_not_overwritten(browser: Any, customer: Customer, served: Served) -> None:
    served.has(changed(generate(customer).content))
    post(browser, f"{BOX}/compare")
    carry_out()
    html, question = checked(browser, DIFF), checked(browser, f"{BOX}/push")
    CustomerConfig.objects.create(customer=customer, overrides="x: 1\n", changed_at=NOW)

    pulled = post(browser, f"{BOX}/pull", reading=hidden(html, "reading"), seen=hidden(html, "seen"))
    pushed = post(browser, f"{BOX}/push", seen_sha256=hidden(question, "seen_sha256"))

    assert (pulled.status_code, pushed.status_code) == (409, 409)
    assert "was changed since it was compared" in pulled.content.decode()
    assert settings_of(customer).overrides == "x: 1\n"
    assert not Call.objects.filter(kind="push").exists()


@pytest.mark.parametrize("reading", ["", "x", "999", "9" * 30])
def test_no_reading_no_pull(browser: Any, customer: Customer, reading: str) -> None:
    assert post(browser, f"{BOX}/pull", reading=reading, seen="").status_code == 409
    assert settings_of(customer).overrides == ""


def test_a_host_is_confirmed_and_withdrawn_on_the_page(browser: Any, customer: Customer, served: Served) -> None:
    ConfirmedHost.objects.all().delete()
    html = checked(browser, DIFF)
    place = served.url.removeprefix("http://")
    assert f"Is <bdi>{place}</bdi> this customer’s controller?" in html
    assert "The customer’s domain is <bdi>kiss.example.hu</bdi>" in html
    assert f'action="{BOX}/compare"' not in html

    post(browser, f"{BOX}/confirm-host", controller_url=hidden(html, "controller_url"))
    assert ConfirmedHost.objects.get().customer == customer
    html = checked(browser, DIFF)
    assert f"<bdi>{place}</bdi><small>confirmed by <bdi>operator</bdi>" in html

    post(browser, f"{BOX}/withdraw-host", place=hidden(html, "place"))
    assert not ConfirmedHost.objects.exists()
    assert post(browser, f"{BOX}/confirm-host", controller_url="http://user@x/").status_code == 422


def test_a_box_without_an_address_is_told_with_its_next_report(browser: Any, customer: Customer) -> None:
    assert "Its controller has not reported an address." in checked(browser, DIFF)
    assert "left for the answer to its next report" in checked(browser, f"{BOX}/push")
    post(browser, f"{BOX}/push")
    call = carry_out()

    assert call.state == "left"
    assert wanted_of(customer.pk).push_wanted_at == NOW
    html = checked(browser, DIFF)
    assert "Pushing the configuration: waits for the next report" in html
    post(browser, f"{BOX}/calls/{call.pk}/withdraw")
    assert Call.objects.get().state == "withdrawn"
    assert wanted_of(customer.pk).push_wanted_at is None


def test_a_manual_customer_becomes_managed_by_what_its_box_has(
    browser: Any, customer: Customer, served: Served
) -> None:
    """Its controller has the key of the fleet."""
    from tests.build import GLOBAL_KEY  # noqa: PLC0415 - beside its use

    content = changed(generate(customer).content).decode().replace(api_keys_held(customer, now=NOW)[0], GLOBAL_KEY)
    served.has(content.encode())
    served.box.key = GLOBAL_KEY
    Customer.objects.update(is_managed=False, name="", domain="", email="")
    customer.credentials.all().delete()
    post(browser, f"{BOX}/compare")
    carry_out()
    html = checked(browser, DIFF)
    assert "What the controller has" in html
    assert "The domain becomes <bdi>kiss.example.hu</bdi>." in html

    post(browser, f"{BOX}/pull", reading=hidden(html, "reading"), seen=hidden(html, "seen"))

    adopted = Customer.objects.get()
    assert (adopted.is_managed, adopted.name, adopted.domain, adopted.email) == (
        True,
        DETAILS.name,
        DETAILS.domain,
        DETAILS.email,
    )
    assert 'sync_schedule: "05:00"' in settings_of(adopted).overrides
    assert api_keys_held(adopted, now=NOW)[0] != GLOBAL_KEY


def test_an_update_is_followed_until_a_report_comes(browser: Any, served: Served) -> None:
    assert "Update the controller of" in checked(browser, f"{BOX}/update")
    post(browser, f"{BOX}/update")
    carry_out()

    html = checked(browser, DIFF)
    assert served.updates == ["wished"]
    assert "Updating the controller to the newest version" in html
    assert "a report, usually within 3 min" in html


def test_a_blocked_customers_controller_is_not_called(browser: Any, customer: Customer, served: Served) -> None:
    Customer.objects.update(blocked_at=NOW)

    assert "The customer is blocked." in checked(browser, DIFF)
    for path in ("compare", "push", "update"):
        assert post(browser, f"{BOX}/{path}").status_code == 409
    assert (Call.objects.count(), served.updates, customer.pk) == (0, [], Customer.objects.get().pk)


def test_what_fails_is_said_with_its_reason(browser: Any, customer: Customer, allowed: None) -> None:  # noqa: ARG001
    point_to(customer, "http://127.0.0.1:9")
    post(browser, f"{BOX}/compare")
    carry_out()

    html = checked(browser, DIFF)
    assert "Reading the controller’s configuration: not done" in html
    assert "127.0.0.1:9" in html
    assert "Try again" in html


@pytest.mark.parametrize("path", ["diff", "push", "update"])
def test_nobody_has_no_box(browser: Any, path: str) -> None:
    make_customer("deleted", deleted_at=NOW)

    for customer_id in ("nobody", "deleted", "a%00b"):
        checked(browser, f"/customers/{customer_id}/{path}", 404)


def test_a_customer_that_never_reported_has_a_page(browser: Any) -> None:
    make_customer("new", is_managed=True)
    make_customer("manual")
    make_node(Customer.objects.get(customer_id="manual"))

    for customer_id in ("new", "manual"):
        for path in ("diff", "push", "update"):
            checked(browser, f"/customers/{customer_id}/{path}")
    assert post(browser, "/customers/manual/push").status_code == 409
    assert KATA.name == "operator"
