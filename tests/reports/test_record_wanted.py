"""What the sender of a report is told of what the operator wants, and which report fulfils it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, make_customer, make_node, record

from felhom_hub.base.db import Db, Row
from felhom_hub.reports.pending import Pending
from felhom_hub.reports.record import Recorded
from felhom_hub.reports.wanted import Wanted, wanted_of

pytestmark = pytest.mark.django_db

A, B = "a" * 64, "b" * 64
MINUTE = timedelta(minutes=1)
PLAIN = Recorded(is_blocked=False)
WANTED = {"expected_hash": A, "push_wanted_at": NOW, "update_to": "v0.31.0", "update_wanted_at": NOW}


def node(customer_id: str, **columns: Any) -> int:
    blocked_at = columns.pop("blocked_at", None)
    customer = make_customer(customer_id, blocked_at=blocked_at)
    return make_node(customer, last_received_at=NOW - MINUTE, **columns).customer_id


def told(pending: Pending) -> Recorded:
    return Recorded(is_blocked=False, pending=pending)


def test_who_has_a_wish_is_told_of_it_in_its_own_answer() -> None:
    node("both", **WANTED)
    node("config", expected_hash=A, push_wanted_at=NOW)
    node("update", expected_hash=A, update_to="v0.31.0")
    node("nothing", expected_hash=A)

    reports = [incoming(each, config_hash=B) for each in ("both", "config", "update", "nothing", "new")]

    assert record(reports) == [
        told(Pending(A, "v0.31.0")),
        told(Pending(config_hash=A)),
        told(Pending(update_to="v0.31.0")),
        PLAIN,
        PLAIN,
    ]


def test_it_is_told_until_a_report_shows_it_done_and_never_again() -> None:
    pk = node("a", **WANTED)

    def answered(minute: int, **members: Any) -> list[Any]:
        return record([incoming("a", received_at=NOW + minute * MINUTE, **members)])

    assert answered(1, config_hash=B) == [told(Pending(A, "v0.31.0"))]
    assert answered(2, config_hash=A) == [told(Pending(update_to="v0.31.0"))]
    assert answered(3, config_hash=B) == [told(Pending(update_to="v0.31.0"))]
    assert answered(4, config_hash=B, controller_version="0.31.0") == [PLAIN]
    assert answered(5, config_hash=B, controller_version="v0.30.0") == [PLAIN]
    assert wanted_of(pk) == Wanted(expected_hash=A, config_hash=B, controller_version="v0.30.0")


def test_a_late_report_is_told_what_the_newest_does_not_show() -> None:
    pk = node("a", **WANTED)
    record([incoming("a", received_at=NOW + 20 * MINUTE, config_hash=B)])

    late = incoming("a", received_at=NOW + 21 * MINUTE, timestamp="2026-11-23T12:10:00Z", config_hash=A)

    assert record([late]) == [told(Pending(A, "v0.31.0"))]
    assert wanted_of(pk).push_wanted_at == NOW


def test_a_repeated_report_is_told_the_same() -> None:
    node("a", **WANTED)

    answers = [record([incoming("a", config_hash=A)]) for _ in range(2)]

    assert answers == [[told(Pending(update_to="v0.31.0"))]] * 2


def test_a_blocked_customer_is_told_of_nothing_and_its_wish_is_kept() -> None:
    pk = node("a", blocked_at=NOW, **WANTED)

    assert record([incoming("a", config_hash=B)]) == [Recorded(is_blocked=True)]
    assert wanted_of(pk).update_to == "v0.31.0"


def test_what_is_wanted_costs_a_batch_no_query_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        node(f"plain-{number}")
        node(f"wanted-{number}", **WANTED)
    selected: list[type[Model]] = []
    select = Db.select

    def noted(db: Db, model: type[Model], *arguments: Any, **options: Any) -> list[Row]:
        selected.append(model)
        return select(db, model, *arguments, **options)

    monkeypatch.setattr(Db, "select", noted)

    def asked(kind: str) -> tuple[list[type[Model]], int]:
        selected.clear()
        with CaptureQueriesContext(connection) as queries:
            record([incoming(f"{kind}-{number}", config_hash=B) for number in range(6)])
        return list(selected), len(queries)

    assert asked("wanted") == asked("plain")
