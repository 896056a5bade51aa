import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW, incoming, make_customer, make_node, record
from tests.two_hubs import both_at_once

from felhom_hub.base.pace import Pace
from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.status import Thresholds
from felhom_hub.watch import staleness
from felhom_hub.watch.deaf_time import Span
from felhom_hub.watch.models import NodeLevel
from felhom_hub.watch.staleness import Rules, check_silence

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
RULES = Rules(Thresholds(stale=30 * MINUTE, down=60 * MINUTE), deaf=(), period=15 * MINUTE)


def events() -> list[tuple[str | None, str, str, datetime]]:
    columns = ("customer__customer_id", "event_type", "severity", "created_at")
    return list(Event.objects.order_by("pk").values_list(*columns))


def look_each_minute(minutes: int, *, since: datetime = NOW, rules: Rules = RULES) -> None:
    for minute in range(minutes + 1):
        check_silence(since + minute * MINUTE, rules)


def test_a_node_is_told_stale_then_down_then_recovered_once_each() -> None:
    record([incoming("a")])
    look_each_minute(70)
    record([incoming("a", received_at=NOW + 71 * MINUTE)])
    look_each_minute(5, since=NOW + 71 * MINUTE)

    assert events() == [
        ("a", "node_stale", "warning", NOW + 30 * MINUTE),
        ("a", "node_down", "error", NOW + 61 * MINUTE),
        ("a", "node_recovered", "info", NOW + 71 * MINUTE),
    ]
    details = [json.loads(each) for each in Event.objects.order_by("pk").values_list("details_json", flat=True)]
    assert details[0] == {"last_report_at": "2026-11-23T12:00:00.000Z"}
    assert details[2] == {
        "last_report_at": "2026-11-23T13:11:00.000Z",
        "silent_since": "2026-11-23T12:00:00.000Z",
    }


def test_a_node_that_reports_less_often_is_stale_and_down_so_much_later() -> None:
    record([incoming("a"), incoming("b")])
    NodeState.objects.filter(customer__customer_id="a").update(allowance_ms=45 * 60_000)
    look_each_minute(120)

    assert [event for event in events() if event[0] == "a"] == [
        ("a", "node_stale", "warning", NOW + 75 * MINUTE),
        ("a", "node_down", "error", NOW + 106 * MINUTE),
    ]
    assert [at - NOW for name, *_, at in events() if name == "b"] == [30 * MINUTE, 61 * MINUTE]


def test_a_node_that_reports_less_often_and_reports_is_no_event() -> None:
    for number in range(4):
        record([incoming("a", received_at=NOW + number * 60 * MINUTE)])
        NodeState.objects.update(allowance_ms=45 * 60_000)
        look_each_minute(60, since=NOW + number * 60 * MINUTE)

    assert events() == []


def test_a_node_that_reports_is_no_event() -> None:
    for number in range(8):
        record([incoming("a", received_at=NOW + number * 15 * MINUTE)])
        look_each_minute(15, since=NOW + number * 15 * MINUTE)

    assert events() == []
    assert NodeLevel.objects.get().level == "heard"


def test_a_fleet_that_is_silent_at_first_sight_is_taken_over_without_a_word() -> None:
    for number, age in enumerate((5, 40, 90, 9000)):
        make_node(make_customer(f"c{number}"), last_received_at=NOW - age * MINUTE)

    check_silence(NOW, RULES)

    assert events() == []
    assert list(NodeLevel.objects.order_by("pk").values_list("level", "is_told")) == [
        ("heard", False),
        ("stale", False),
        ("down", False),
        ("down", False),
    ]
    NodeState.objects.update(last_received_at=NOW + MINUTE)
    check_silence(NOW + 2 * MINUTE, RULES)
    assert events() == []


def test_blocked_deleted_and_pending_customers_are_skipped() -> None:
    make_node(make_customer("blocked", blocked_at=NOW))
    make_node(make_customer("deleted", deleted_at=NOW))
    make_customer("pending")
    look_each_minute(65)

    assert events() == []
    assert NodeLevel.objects.count() == 0


def test_a_customer_that_is_unblocked_is_told_as_it_is_then() -> None:
    make_node(make_customer("a"))
    check_silence(NOW, RULES)
    Customer.objects.update(blocked_at=NOW)
    look_each_minute(40)
    Customer.objects.update(blocked_at=None)
    look_each_minute(1, since=NOW + 41 * MINUTE)

    assert events() == [("a", "node_stale", "warning", NOW + 41 * MINUTE)]


def test_deaf_time_stops_the_clock() -> None:
    make_node(make_customer("a"))
    check_silence(NOW, RULES)
    deaf = Rules(RULES.thresholds, [Span(NOW + 10 * MINUTE, NOW + 70 * MINUTE)], RULES.period)
    look_each_minute(34, since=NOW + 70 * MINUTE, rules=deaf)
    assert events() == []

    look_each_minute(2, since=NOW + 105 * MINUTE, rules=deaf)

    assert events() == [("a", "node_stale", "warning", NOW + 105 * MINUTE)]


def test_a_report_that_comes_while_a_check_decides_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    make_node(make_customer("a"))
    check_silence(NOW, RULES)
    apply: Callable[..., list[staleness.Change]] = staleness._apply

    def report_first(*args: object) -> list[staleness.Change]:
        record([incoming("a", received_at=NOW + 30 * MINUTE)])
        return apply(*args)

    monkeypatch.setattr(staleness, "_apply", report_first)

    assert check_silence(NOW + 31 * MINUTE, RULES) == (0, 0)
    assert events() == []


@pytest.mark.django_db(transaction=True)
def test_two_checks_that_overlap_tell_a_transition_once() -> None:
    for number in range(5):
        make_node(make_customer(f"c{number}"))
    look = partial(check_silence, NOW + MINUTE, RULES)
    both_at_once(look, look)
    assert events() == []

    for minute, count in ((31, 5), (62, 10)):
        look = partial(check_silence, NOW + minute * MINUTE, RULES)
        both_at_once(look, look)
        assert len(events()) == count
    NodeState.objects.update(last_received_at=NOW + 63 * MINUTE)
    look = partial(check_silence, NOW + 64 * MINUTE, RULES)
    both_at_once(look, look)

    assert [each[1] for each in events()] == ["node_stale"] * 5 + ["node_down"] * 5 + ["node_recovered"] * 5


def test_a_check_asks_as_much_of_three_nodes_as_of_one() -> None:
    counts = []
    for number in range(3):
        make_node(make_customer(f"c{number}"), last_received_at=NOW)
        check_silence(NOW, RULES)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            check_silence(NOW + MINUTE, RULES)
        counts.append(len(captured))

    assert counts == [3, 3, 3]


def test_the_intake_has_its_turn_after_each_portion_of_a_fleet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staleness, "BATCH", 2)
    for number in range(5):
        make_node(make_customer(f"c{number}"), last_received_at=NOW)
    seen: list[int] = []

    def wait(_seconds: float) -> bool:
        seen.append(NodeLevel.objects.count())
        return False

    check_silence(NOW, RULES, Pace(0.5, wait=wait))
    check_silence(NOW + MINUTE, RULES, Pace(0.5, wait=wait))

    assert seen == [2, 4, 5]


def test_a_node_that_falls_silent_again_and_again_is_told_unsteady_once_and_steady_once() -> None:
    make_node(make_customer("a"))
    for minute in range(14 * 60):
        at = NOW + minute * MINUTE
        if minute % 40 == 0 or minute > 400:  # silent for 40 minutes each time, and steady in the end
            NodeState.objects.update(last_received_at=at)
        check_silence(at, RULES)

    names = list(Event.objects.order_by("pk").values_list("event_type", "details_json"))
    told = [name for name, details in names if "unsteady" not in details]
    assert told == [*["node_stale", "node_recovered"] * 3, "node_unsteady", "node_steady"]
    damped = [name for name, details in names if "unsteady" in details]
    assert damped == ["node_stale", "node_recovered"] * 7
    assert not NodeLevel.objects.get().is_unsteady


def test_an_outage_of_an_unsteady_node_is_told_with_its_recovery() -> None:
    node = make_node(make_customer("a"))
    check_silence(NOW, RULES)
    NodeLevel.objects.update(is_unsteady=True)
    look_each_minute(61)
    NodeState.objects.filter(pk=node.pk).update(last_received_at=NOW + 62 * MINUTE)
    check_silence(NOW + 62 * MINUTE, RULES)

    marks = Event.objects.order_by("pk").values_list("event_type", "details_json")
    assert [(name, "unsteady" in details) for name, details in marks] == [
        ("node_stale", True),
        ("node_down", False),
        ("node_recovered", False),
    ]
