from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from tests.build import GLOBAL_KEY, NOW, make_api_key, make_customer
from tests.doors import managed_customer
from tests.recovery.snapshots import body_of, send

from felhom_hub.base.instants import utc_now
from felhom_hub.configs.generate import generate
from felhom_hub.customers.models import Customer
from felhom_hub.operators.models import AuditEntry
from felhom_hub.recovery.drill_mark import drill_mark
from felhom_hub.recovery.queries import versions_of

pytestmark = pytest.mark.django_db

BACKUP, RECOVERY = "/api/v1/infra-backup/nagy", "/api/v1/recovery/nagy"


@pytest.fixture
def passphrase() -> str:
    """That of a managed customer."""
    return managed_customer()


def by_key(path: str = BACKUP, key: str = GLOBAL_KEY) -> Any:
    return Client().get(path, HTTP_AUTHORIZATION=f"Bearer {key}", REMOTE_ADDR="203.0.113.9")


def by_passphrase(passphrase: str) -> Any:
    return Client().get(RECOVERY, HTTP_X_RETRIEVAL_PASSWORD=quote(passphrase), REMOTE_ADDR="203.0.113.9")


def fetched(action: str) -> list[tuple[str, ...]]:
    entries = AuditEntry.objects.filter(action=action).order_by("pk")
    return list(entries.values_list("customer_id", "actor", "detail", "address"))


def test_the_newest_version_or_the_one_asked_for_comes_back_byte_for_byte() -> None:
    send(body_of(n=1, what="é"), body_of(n=2))

    newest, first = by_key(), by_key(f"{BACKUP}?version=1")

    assert (newest.content, first.content) == (body_of(n=2), body_of(n=1, what="é"))
    digest = versions_of(Customer.objects.get().pk)[0].sha256
    assert (newest["ETag"], newest["Content-Type"], newest["Cache-Control"]) == (
        f'"{digest}"',
        "application/json",
        "no-store",
    )


def test_every_download_is_in_the_audit_and_no_refusal_is() -> None:
    key = make_api_key(make_customer("nagy"))
    send(body_of(n=1), body_of(n=2))
    by_key()
    by_key(f"{BACKUP}?version=1", key)
    by_key(f"{BACKUP}?version=3", key)

    assert fetched("infra_backup_fetched") == [
        ("nagy", "global key", "version 2", "203.0.113.9"),
        ("nagy", "a box", "version 1", "203.0.113.9"),
    ]


def test_a_key_reads_its_own_customers_alone() -> None:
    key = make_api_key(make_customer("kiss"))
    send(body_of())

    assert [by_key(key=key).status_code, by_key("/api/v1/infra-backup/nobody", key).status_code] == [403, 403]
    assert fetched("infra_backup_fetched") == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (BACKUP, 404),
        ("/api/v1/infra-backup/nobody", 404),
        (f"{BACKUP}?version=0", 422),
        (f"{BACKUP}?version=", 422),
        (f"{BACKUP}?version=٣", 422),
        (f"{BACKUP}?version=1234567890", 422),
        (f"{BACKUP}?version=999999999", 404),
    ],
)
def test_what_there_is_not_is_said(path: str, status: int) -> None:
    make_customer("nagy")

    assert by_key(path).status_code == status


def test_a_deleted_customers_are_nobodys_until_it_comes_back() -> None:
    send(body_of())
    Customer.everyone.update(deleted_at=NOW)
    assert by_key().status_code == 404

    Customer.everyone.update(deleted_at=None)
    assert by_key().content == body_of()


def test_the_passphrase_brings_all_that_a_box_is_rebuilt_from(passphrase: str) -> None:
    yaml = generate(Customer.objects.get()).yaml
    before = by_passphrase(passphrase)
    send(body_of(a=1.50, b="é"))
    answer = by_passphrase(passphrase)

    assert before.json() == {
        "customer_id": "nagy",
        "config_yaml": yaml,
        "infra_backup": None,
        "has_infra_backup": False,
    }
    assert list(answer.json().items()) == [
        ("customer_id", "nagy"),
        ("config_yaml", yaml),
        ("infra_backup", {"customer_id": "nagy", "a": 1.5, "b": "é"}),
        ("has_infra_backup", True),
    ]
    assert b'"infra_backup":' + body_of(a=1.50, b="é") + b"," in answer.content
    assert answer["Cache-Control"] == "no-store"
    assert fetched("recovery_fetched") == [
        ("nagy", "a box", "no snapshot yet", "203.0.113.9"),
        ("nagy", "a box", "with version 1", "203.0.113.9"),
    ]


def test_a_wrong_passphrase_brings_nothing(passphrase: str) -> None:
    send(body_of())

    answers = [by_passphrase(f"{passphrase}x"), by_key(RECOVERY)]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert fetched("recovery_fetched") == []


def test_a_blocked_customer_gets_nothing(passphrase: str) -> None:
    Customer.objects.update(blocked_at=NOW)

    assert by_passphrase(passphrase).status_code == 403


def drilled(passphrase: str, mark: str) -> Any:
    headers = {"X-Retrieval-Password": quote(passphrase), "X-Recovery-Drill": mark}
    return Client().get(RECOVERY, REMOTE_ADDR="203.0.113.9", headers=headers)


def test_a_drill_of_the_hubs_own_is_told_from_a_box_in_the_audit(passphrase: str) -> None:
    now = utc_now()
    forged = [drill_mark("kiss", now), drill_mark("nagy", now - timedelta(minutes=16)), "true", "v1:k:x:y", ""]
    for mark in (drill_mark("nagy", now), *forged):
        assert drilled(passphrase, mark).status_code == 200

    assert fetched("recovery_fetched") == [
        ("nagy", "a drill", "no snapshot yet", "203.0.113.9"),
        *[("nagy", "a box", "no snapshot yet", "203.0.113.9")] * len(forged),
    ]


def test_a_mark_opens_nothing_without_the_passphrase(passphrase: str) -> None:
    assert drilled(f"{passphrase}x", drill_mark("nagy", utc_now())).status_code == 401
