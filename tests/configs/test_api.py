from ipaddress import ip_network
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from tests.build import GLOBAL_KEY, NOW, make_api_key, make_customer, make_node
from tests.doors import managed_customer
from tests.operators.site import with_server

from felhom_hub.configs.generate import generate
from felhom_hub.customers.credentials import machine_secrets
from felhom_hub.customers.models import Customer
from felhom_hub.operators.models import AuditEntry
from felhom_hub.reports.wanted import wanted_of

pytestmark = pytest.mark.django_db

URL, WANTED = "/api/v1/config/nagy", "/api/v1/pending/nagy/config"


@pytest.fixture
def passphrase() -> str:
    """That of a managed customer."""
    return managed_customer()


def get(passphrase: str, **more: Any) -> Any:
    headers: dict[str, Any] = {"HTTP_X_RETRIEVAL_PASSWORD": passphrase} if passphrase else {}
    return Client().get(URL, **headers, **more)


def test_the_passphrase_brings_the_file_and_that_is_in_the_audit(passphrase: str) -> None:
    made = generate(Customer.objects.get())
    answer = get(quote(passphrase), REMOTE_ADDR="203.0.113.9")

    assert (answer.status_code, answer.content) == (200, made.content)
    assert {name: answer[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control", "ETag")} == {
        "Content-Type": "application/x-yaml; charset=utf-8",
        "Content-Disposition": 'attachment; filename="controller.yaml"',
        "Cache-Control": "no-store",
        "ETag": f'"{made.sha256}"',
    }
    entry = AuditEntry.objects.get(action="config_fetched")
    assert (entry.customer_id, entry.actor, entry.address) == ("nagy", "a box", "203.0.113.9")


def test_what_is_wanted_is_fetched_with_the_boxs_own_key(passphrase: str) -> None:  # noqa: ARG001 - makes the customer
    customer = Customer.objects.get()
    key = machine_secrets(customer)["api_key"]
    make_node(customer, expected_hash="a" * 64, push_wanted_at=NOW)
    made = generate(customer)

    answer = Client().get(WANTED, headers={"Authorization": f"Bearer {key}"}, REMOTE_ADDR="203.0.113.9")

    assert (answer.status_code, answer.content) == (200, made.content)
    assert (answer["Cache-Control"], answer["ETag"]) == ("no-store", f'"{made.sha256}"')
    assert wanted_of(customer.pk).expected_hash == made.sha256
    entry = AuditEntry.objects.get(action="pending_config_fetched")
    assert (entry.customer_id, entry.actor, entry.address) == ("nagy", "a box", "203.0.113.9")


@pytest.mark.parametrize(
    ("wanted_at", "blocked_at", "key", "status", "sentence"),
    [
        (None, None, "own", 409, "The operator does not want a configuration fetched for nagy now"),
        (NOW, NOW, "own", 403, "The operator has blocked this customer"),
        (NOW, None, "global", 403, "A configuration is fetched with the customer's own key, never with the global one"),
        (NOW, None, "other", 403, "This API key belongs to customer other and is valid for that one alone"),
        (NOW, None, "none", 401, "This API key is unknown or was revoked"),
    ],
)
def test_nobody_else_and_at_no_other_time_is_it_fetched(  # noqa: PLR0917 - a table
    wanted_at: Any, blocked_at: Any, key: str, status: int, sentence: str, passphrase: str
) -> None:
    customer = Customer.objects.get()
    Customer.objects.update(blocked_at=blocked_at)
    make_node(customer, push_wanted_at=wanted_at, update_to="v0.31.0")
    keys = {
        "own": machine_secrets(customer)["api_key"],
        "other": make_api_key(make_customer("other")),
        "global": GLOBAL_KEY,
        "none": passphrase,
    }

    answer = Client().get(WANTED, headers={"Authorization": f"Bearer {keys[key]}"})

    assert (answer.status_code, answer.json()) == (status, {"ok": False, "error": sentence})
    assert not AuditEntry.objects.filter(action="pending_config_fetched").exists()


def test_a_header_of_raw_utf_8_is_understood(passphrase: str) -> None:
    assert get(passphrase.encode().decode("latin-1")).status_code == 200


def test_a_missing_and_a_wrong_one_and_an_unknown_customer_are_answered_alike(passphrase: str) -> None:
    answers = [get(""), get("wrong"), Client().get("/api/v1/config/nobody", HTTP_X_RETRIEVAL_PASSWORD=passphrase)]

    assert {(each.status_code, each.content) for each in answers} == {
        (401, b'{"ok":false,"error":"The customer or the retrieval password is wrong"}')
    }
    assert not AuditEntry.objects.filter(action="config_fetched").exists()


def test_behind_a_proxy_that_names_nobody_its_address_is_not_counted(settings: Any, passphrase: str) -> None:
    with_server(settings, trusted_proxies=(ip_network("198.51.100.0/24"),))
    answers = [get("wrong", REMOTE_ADDR="198.51.100.7").status_code for _ in range(12)]
    assert answers == [401] * 12
    assert get(quote(passphrase), REMOTE_ADDR="198.51.100.7").status_code == 200

    named = {"REMOTE_ADDR": "198.51.100.7", "HTTP_X_FORWARDED_FOR": "203.0.113.5"}
    assert [get("wrong", **named).status_code for _ in range(12)] == [401] * 10 + [429] * 2
