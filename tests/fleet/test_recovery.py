import re
from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, incoming, make_customer, record
from tests.fleet.html import checked
from tests.recovery.checked import make_check
from tests.recovery.snapshots import body_of, send

from felhom_hub.customers.models import Customer
from felhom_hub.fleet.recovery import recovery_of
from felhom_hub.operators.audit import Actor, record_audit

pytestmark = pytest.mark.django_db


def test_the_section_has_the_newest_version_and_who_fetched_last() -> None:
    send(body_of(n=1), body_of(n=2))
    for number in range(4):
        record_audit("config_fetched", by=Actor("a box", str(number)), now=NOW, customer_id="nagy")

    found = recovery_of(Customer.objects.get().pk, "nagy", now=NOW + timedelta(days=1, hours=11))

    assert found is not None
    assert found.newest is not None
    assert (found.newest.number, found.count, found.summary) == (2, 2, "2 snapshots, the newest from 11 h ago")
    assert [fetch.address for fetch in found.fetches] == ["3", "2", "1"]
    assert recovery_of(make_customer("kiss").pk, "kiss", now=NOW) is None


def test_the_customers_page_has_the_section_where_there_is_a_snapshot(browser: Any) -> None:
    record([incoming("nagy"), incoming("kiss")])
    send(body_of(n=1))

    html = checked(browser, "/customers/nagy")

    assert 'href="#recovery"' in html
    assert 'href="/customers/nagy/snapshots"' in html
    assert 'id="recovery"' not in checked(browser, "/customers/kiss")


@pytest.mark.parametrize(
    ("states", "note", "answer", "tone"),
    [
        ("yyyyy", "", "yes", ""),
        ("yyuyu", "", "yes", ""),
        ("yygyg", "hdd2 is gone", "with gaps: hdd2 is gone; hdd2 is gone", "warn"),
        ("yyygy", "", "with gaps: backup is g", "warn"),
        ("nuggy", "It was never sent", "no", "down"),
    ],
)
def test_it_is_said_plainly_whether_the_server_could_be_rebuilt(
    browser: Any, states: str, note: str, answer: str, tone: str
) -> None:
    record([incoming("nagy")])
    customer = Customer.objects.get()
    make_check(customer, states, note)

    found = recovery_of(customer.pk, "nagy", now=NOW)

    assert found is not None
    assert (found.answer, found.tone, found.summary) == (answer, tone, "no snapshot yet")
    html = checked(browser, "/customers/nagy")
    assert f"<h3>Recoverable: {answer}</h3>" in html
    assert 'action="/customers/nagy/check-recovery"' in html


def test_the_age_of_the_proof_stands_beside_it(browser: Any) -> None:
    record([incoming("nagy")])
    make_check(Customer.objects.get(), at=NOW - timedelta(hours=3, minutes=1))

    html = checked(browser, "/customers/nagy")

    (proof,) = re.findall(r'<h3 class="gap-t">What was checked, (.*?)</h3>', html)
    assert "3 h 1 min ago" in proof
