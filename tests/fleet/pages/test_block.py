from datetime import timedelta
from html import escape
from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.fleet.html import checked, report, title

from felhom_hub.customers.models import Customer
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db


def send(browser: Any, path: str, **fields: str) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, **fields})


def actions() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "customer_id", "address"))


def test_the_question_tells_the_consequences(browser: Any) -> None:
    report()

    html = checked(browser, "/customers/kovacs-peter/block")

    assert title(html) == "Block Kovács Péter?"
    for consequence in (
        "No notifications go out",
        "Reports are still accepted and stored",
        "limited mode after its grace period",
    ):
        assert consequence in html
    assert Customer.objects.get().blocked_at is None


@pytest.mark.parametrize("typed", ["", "Kovacs-Peter", "kovacs", '"><script>alert(1)</script>'])
def test_a_wrong_id_blocks_nobody_and_asks_again(browser: Any, typed: str) -> None:
    report()

    answer = send(browser, "/customers/kovacs-peter/block", typed=typed)

    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Type kovacs-peter exactly." in html
    assert "<script>alert" not in html
    assert Customer.objects.get().blocked_at is None
    assert actions() == []


def test_blocking_holds_at_once_and_can_be_undone(browser: Any) -> None:
    report()

    answers = [send(browser, "/customers/kovacs-peter/block", typed=" kovacs-peter ") for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/customers/kovacs-peter")] * 2
    assert Customer.objects.get().blocked_at == NOW
    assert actions() == [("customer_blocked", "kovacs-peter", "127.0.0.1")]
    html = checked(browser, "/customers/kovacs-peter")
    assert "Kovács Péter is blocked." in html

    # What Undo of the toast sends.
    assert 'action="/customers/kovacs-peter/unblock"><input type="hidden" name="_csrf"' in html
    answers = [send(browser, "/customers/kovacs-peter/unblock") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Customer.objects.get().blocked_at is None
    assert [action for action, *_ in actions()] == ["customer_blocked", "customer_unblocked"]


def test_unblocking_can_be_undone_without_typing(browser: Any) -> None:
    blocked_at = NOW - timedelta(days=40)
    make_customer("a", blocked_at=blocked_at)
    send(browser, "/customers/a/unblock")
    path = f"/customers/a/block?typed=a&since={int(blocked_at.timestamp())}"
    assert f'action="{escape(path)}"' in checked(browser, "/customers/a")

    answer = send(browser, path)

    assert answer.status_code == 303
    assert Customer.objects.get().blocked_at == blocked_at


@pytest.mark.parametrize("since", ["", "-1", "1e9", "9" * 30, "٣", "9999999999"])
def test_a_date_that_cannot_be_counts_from_now(browser: Any, since: str) -> None:
    make_customer("a")

    send(browser, f"/customers/a/block?typed=a&since={since}")

    assert Customer.objects.get().blocked_at == NOW


def test_an_address_alone_blocks_nobody(browser: Any) -> None:
    make_customer("a")

    assert browser.get("/customers/a/block?typed=a").status_code == 200
    assert browser.post("/customers/a/block?typed=a").status_code == 403
    assert Customer.objects.get().blocked_at is None


@pytest.mark.parametrize("customer_id", ["nobody", "deleted", "a%00b", "<script>"])
def test_nobody_is_not_found(browser: Any, customer_id: str) -> None:
    make_customer("deleted", deleted_at=NOW)

    checked(browser, f"/customers/{customer_id}/block", 404)
    assert send(browser, f"/customers/{customer_id}/block", typed=customer_id).status_code == 404
    assert send(browser, f"/customers/{customer_id}/unblock").status_code == 404


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"is_managed": True}, ["/configs/a/edit", "/customers/a/block", "/customers/a/delete"]),
        ({}, ["/customers/a/block", "/customers/a/delete"]),
        ({"is_managed": True, "blocked_at": NOW}, ["/configs/a/edit", "/customers/a/unblock", "/customers/a/delete"]),
    ],
)
def test_actions_are_those_that_the_customer_can_take(
    browser: Any, columns: dict[str, Any], expected: list[str]
) -> None:
    make_customer("a", **columns)

    html = checked(browser, "/customers/a")
    card = html[html.index('id="actions"') : html.index("</section>", html.index('id="actions"'))]

    places = [card.find(f'"{path}"') for path in expected]
    assert -1 not in places
    assert places == sorted(places)
    assert ('"/customers/a/block"' in card) is ("/customers/a/block" in expected)
