from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.fleet.html import checked, title
from tests.recovery.snapshots import body_of, send

from felhom_hub.customers.models import Customer
from felhom_hub.operators.models import AuditEntry
from felhom_hub.recovery.models import InfraBackup

pytestmark = pytest.mark.django_db

PAGE = "/customers/nagy/snapshots"
FIRST = body_of(hub={"api_key": "hunter-1", "url": "old-address"})
SECOND = body_of(hub={"api_key": "hunter-2", "url": "new-address"}, stacks=[{"name": "immich"}])


def post(browser: Any, path: str) -> Any:
    return browser.post(path, {"_csrf": browser.csrf})


def test_versions_are_listed_and_the_newest_two_compared_without_a_value(browser: Any) -> None:
    send(FIRST, SECOND)
    Customer.objects.update(name="Nagy Anna")

    html = checked(browser, PAGE)

    assert title(html) == "Nagy Anna: 2 snapshots"
    assert "2, newest" in html
    for digest in InfraBackup.objects.values_list("sha256", flat=True):
        assert f'<code title="{digest}">{digest[:12]}</code>' in html
    assert "From version 1 to 2" in html
    assert "<bdi>api_key</bdi>" in html
    assert "changed, a secret" in html
    assert not any(value in html for value in ("hunter", "old-address", "new-address", "immich"))


def test_other_versions_can_be_compared_and_odd_wishes_are_no_error(browser: Any) -> None:
    send(FIRST, SECOND, FIRST)

    assert "From version 1 to 3" in checked(browser, f"{PAGE}?before=1&after=3")
    assert "No value differs" in checked(browser, f"{PAGE}?before=1&after=3")
    assert "There is nothing to compare" in checked(browser, f"{PAGE}?before=1&after=99")
    assert "From version 2 to 3" in checked(browser, f"{PAGE}?before=x&after=9999999999")


def test_a_download_is_the_version_byte_for_byte_and_in_the_audit(browser: Any) -> None:
    send(FIRST, SECOND)

    answer = post(browser, f"{PAGE}/1/download")

    assert answer.content == FIRST
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="snapshot-nagy-1.json"'
    assert answer["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="infra_backup_downloaded")
    assert (entry.customer_id, entry.actor, entry.detail) == ("nagy", "operator", "version 1")
    html = checked(browser, PAGE)
    assert "Infrastructure backup downloaded" in html


def test_what_there_is_not_cannot_be_had(browser: Any) -> None:
    send(FIRST)

    assert post(browser, f"{PAGE}/2/download").status_code == 404
    assert post(browser, "/customers/nobody/snapshots/1/download").status_code == 404
    assert browser.get(f"{PAGE}/1/download").status_code == 405
    assert not AuditEntry.objects.filter(action="infra_backup_downloaded").exists()


@pytest.mark.parametrize("customer_id", ["nobody", "deleted", "a%00b"])
def test_nobody_has_none(browser: Any, customer_id: str) -> None:
    make_customer("deleted", deleted_at=NOW)

    checked(browser, f"/customers/{customer_id}/snapshots", 404)


def test_before_the_first_there_is_none(browser: Any) -> None:
    make_customer("nagy", name="Nagy Anna")

    html = checked(browser, PAGE)

    assert title(html) == "Nagy Anna: no snapshot yet"
    assert "Nobody has fetched anything" in html
    assert "download" not in html
