import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Q
from tests.build import NOW, incoming_event, make_customer, record_all_events
from tests.two_hubs import both_at_once

from felhom_hub.base.db import Db
from felhom_hub.events.counts import WINDOW, count_events, move_window
from felhom_hub.events.models import CountedWindow, Event, EventCount

pytestmark = pytest.mark.django_db

MILLISECOND = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
Counts = dict[str, tuple[int, int]]


def kept_counts() -> Counts:
    """What the badges show; a customer without errors and warnings may have a row or none."""
    rows = EventCount.objects.values_list("customer__customer_id", "errors", "warnings")
    return {customer_id: (errors, warnings) for customer_id, errors, warnings in rows if errors or warnings}


def true_counts(since: datetime) -> Counts:
    """What counting the events would give."""
    rows = (
        Event.objects.filter(created_at__gte=since)
        .values_list("customer__customer_id")
        .annotate(errors=Count("pk", filter=Q(severity="error")), warnings=Count("pk", filter=Q(severity="warning")))
    )
    return {customer_id: (errors, warnings) for customer_id, errors, warnings in rows if errors or warnings}


def window() -> datetime:
    (counted_from,) = CountedWindow.objects.values_list("counted_from", flat=True)
    return counted_from


def happen(at: datetime, *severities: str, customer_id: str = "a") -> None:
    record_all_events([incoming_event(customer_id, severity=severity, received_at=at) for severity in severities])


def test_an_event_leaves_the_counts_when_it_is_a_day_old() -> None:
    move_window(NOW)
    happen(NOW, "error", "warning", "info")

    left = [
        (move_window(NOW + WINDOW + after), kept_counts().get("a", (0, 0)))
        for after in (-MINUTE, timedelta(), MILLISECOND, MINUTE)
    ]

    assert left == [(0, (1, 1)), (0, (1, 1)), (2, (0, 0)), (0, (0, 0))]


def test_the_first_window_counts_what_is_there() -> None:
    happen(NOW - 25 * HOUR, "error")
    happen(NOW - 23 * HOUR, "error", "warning")
    EventCount.objects.create(customer=make_customer("b"), errors=77, warnings=77)

    assert move_window(NOW) == 0
    assert kept_counts() == {"a": (1, 1)}
    assert window() == NOW - WINDOW


def test_events_before_the_first_window_are_counted_at_once() -> None:
    happen(NOW, "error")

    assert kept_counts() == {"a": (1, 0)}


def test_a_long_sleep_of_the_hub_empties_the_counts() -> None:
    move_window(NOW)
    happen(NOW, "error", "warning")
    happen(NOW, "warning", customer_id="b")

    assert move_window(NOW + timedelta(days=30)) == 3
    assert kept_counts() == {}
    assert window() == NOW + timedelta(days=29)


def test_a_clock_that_is_set_back_takes_nothing_away_and_counts_nothing_twice() -> None:
    move_window(NOW)
    happen(NOW, "error")
    before = window()

    assert move_window(NOW - 3 * HOUR) == 0
    happen(NOW - 3 * HOUR, "error")

    assert (window(), kept_counts()) == (before, {"a": (2, 0)})
    move_window(NOW + WINDOW - HOUR)
    assert kept_counts() == {"a": (1, 0)} == true_counts(NOW - HOUR)
    move_window(NOW + WINDOW + MINUTE)
    assert kept_counts() == {}


@pytest.mark.parametrize("seed", range(6))
def test_the_counts_stay_exact_through_any_sequence_of_events_and_moves(seed: int) -> None:
    draw = random.Random(seed)
    now = NOW
    move_window(now)
    for _ in range(40):
        now += draw.choice((timedelta(), MILLISECOND, MINUTE, HOUR, 5 * HOUR, -HOUR))
        if draw.random() < 0.6:
            severities = draw.choices(("error", "warning", "info"), k=draw.randrange(1, 5))
            happen(now, *severities, customer_id=draw.choice("abc"))
        else:
            move_window(now)
        assert kept_counts() == true_counts(window())


def test_rows_are_changed_in_the_order_in_which_storing_events_locks_them() -> None:
    """On PostgreSQL the writer and this job would otherwise wait for each other."""
    names = [f"c{index}" for index in range(30)]
    pks = {name: make_customer(name).pk for name in names}
    move_window(NOW)
    for name in sorted(names, key=hash):
        happen(NOW, "error", customer_id=name)
    changed: list[int] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('UPDATE "events_eventcount"'):
            changed.append(params[-1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        move_window(NOW + WINDOW + MINUTE)

    assert changed == sorted(pks.values())


def test_a_customer_that_goes_takes_its_events_and_counts_along() -> None:
    move_window(NOW)
    happen(NOW, "error", customer_id="a")
    happen(NOW, "error", customer_id="b")
    EventCount.objects.get(customer__customer_id="a").customer.delete()

    move_window(NOW + WINDOW - MINUTE)

    assert kept_counts() == {"b": (1, 0)}
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_hubs_that_count_a_customers_first_events_at_once_lose_none() -> None:
    pk = make_customer("a").pk

    both_at_once(
        lambda: count_events(Db(), [(pk, "error")]), lambda: count_events(Db(), [(pk, "error"), (pk, "warning")])
    )

    assert kept_counts() == {"a": (2, 1)}
