from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.operators.actions import ACTIONS as KNOWN
from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.recovery.fetches import ACTIONS, Fetch, fetches_of, newest_fetches

LATER = NOW + timedelta(hours=1)


@pytest.mark.django_db
def test_fetches_are_those_of_the_audit_and_nothing_else_is() -> None:
    box = Actor("a box", "203.0.113.9")
    record_audit("config_fetched", by=box, now=NOW, customer_id="nagy")
    record_audit("recovery_fetched", by=box, now=LATER, customer_id="nagy", detail="with version 2")
    record_audit("customer_edited", by=box, now=NOW, customer_id="nagy")
    record_audit("config_fetched", by=box, now=NOW, customer_id="other")

    assert fetches_of("nagy", limit=5) == [
        Fetch(
            "nagy", NOW + timedelta(hours=1), KNOWN["recovery_fetched"].words, "with version 2", "a box", "203.0.113.9"
        ),
        Fetch("nagy", NOW, "Configuration fetched by passphrase", "", "a box", "203.0.113.9"),
    ]
    assert len(fetches_of("nagy", limit=1)) == 1


def test_every_one_is_an_action_that_the_audit_knows() -> None:
    assert set(ACTIONS) <= set(KNOWN)


@pytest.mark.django_db
def test_the_newest_of_everybody_are_known_with_whose_they_were() -> None:
    box = Actor("a box", "203.0.113.9")
    for days, customer_id in ((40, "old"), (2, "nagy"), (1, "kiss")):
        record_audit("config_fetched", by=box, now=NOW - timedelta(days=days), customer_id=customer_id)

    assert [each.customer_id for each in newest_fetches(NOW - timedelta(days=30), limit=5)] == ["kiss", "nagy"]
    assert len(newest_fetches(NOW - timedelta(days=30), limit=1)) == 1
