from datetime import timedelta
from typing import Any

import pytest
from tests.build import NOW, incoming, make_customer, record
from tests.telemetry.hours import NOW_HOUR, app, figures, store, store_all, usage

from felhom_hub.base.pace import Pace
from felhom_hub.telemetry import summarise as tested
from felhom_hub.telemetry.figures import sum_up_apps
from felhom_hub.telemetry.fresh import is_waiting
from felhom_hub.telemetry.models import ChangedHour, CustomerDay, FleetHour
from felhom_hub.telemetry.summarise import chunks, hour_of, summarise, summarise_all

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_a_batch_leaves_one_mark_an_hour() -> None:
    a, b = make_customer("a"), make_customer("b")

    store_all([(a, NOW, [app()]), (b, NOW, [app()]), (b, NOW - HOUR, [app()]), (a, NOW, [])])

    assert list(ChangedHour.objects.order_by("hour").values_list("hour", flat=True)) == [NOW_HOUR - 1, NOW_HOUR]


def test_a_run_does_what_is_marked_and_the_marks_are_gone() -> None:
    store(make_customer("a"), NOW, app(100))

    assert summarise(NOW) == 1

    assert (usage(), figures(), ChangedHour.objects.count()) == ([("a", "immich", 1)], [("immich", 1, 1)], 0)
    assert summarise(NOW) == 0


def test_late_reports_count_once_in_their_own_hour_in_whichever_order_they_come() -> None:
    early, late = make_customer("a"), make_customer("b")
    reports = [(NOW - hours * HOUR, app(100 + hours)) for hours in (0, 5, 20)]
    for at, entry in reports:
        store(early, at, entry)
        summarise(NOW)
    for at, entry in reversed(reports):
        store(late, at, entry)
        summarise(NOW)

    assert (
        usage("24h", "samples", "average_mb", "p95_mb")[0][2:] == usage("24h", "samples", "average_mb", "p95_mb")[1][2:]
    )
    hours = FleetHour.objects.order_by("hour").values_list("hour", "installations", "samples", "total")
    assert list(hours) == [
        (NOW_HOUR - 20, 2, 2, 2400),
        (NOW_HOUR - 5, 2, 2, 2100),
        (NOW_HOUR, 2, 2, 2000),
    ]


def test_a_run_that_fails_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store(make_customer("a"), NOW, app(100))

    def fail(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(tested, "sum_up_apps", fail)
        with pytest.raises(RuntimeError):
            summarise(NOW)
    summarise(NOW)

    assert (figures(), usage()) == ([("immich", 1, 1)], [("a", "immich", 1)])


def test_what_comes_during_a_run_is_done_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = make_customer("a")
    store(customer, NOW, app(100))
    sum_up = sum_up_apps

    def report_meanwhile(now_hour: int, pace: Pace) -> None:
        sum_up(now_hour, pace)
        store(customer, NOW, app(200))

    with monkeypatch.context() as patch:
        patch.setattr(tested, "sum_up_apps", report_meanwhile)
        summarise(NOW)
    assert figures() == [("immich", 1, 1)]

    summarise(NOW)

    assert figures("7d", "samples", "average_mb") == [("immich", 2, 150.0)]


def test_a_silent_box_leaves_the_figures_by_itself() -> None:
    store(make_customer("a"), NOW, app(100))
    summarise(NOW)

    summarise(NOW + timedelta(days=1))
    assert (figures("24h"), figures("7d")) == ([], [("immich", 1, 1)])
    summarise(NOW + timedelta(days=32))

    assert (figures("30d"), usage("30d")) == ([], [])


def test_more_customers_than_a_run_takes_wait_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "MOST_CUSTOMERS", 2)
    for customer_id in "abc":
        store(make_customer(customer_id), NOW, app(100))

    assert summarise(NOW) == 2
    assert summarise(NOW) == 1
    assert [row[0] for row in usage()] == ["a", "b", "c"]


def test_marks_beyond_every_period_are_dropped() -> None:
    store(make_customer("a"), NOW - timedelta(days=40), app(100))

    summarise(NOW)

    assert (FleetHour.objects.count(), CustomerDay.objects.count(), ChangedHour.objects.count()) == (0, 0, 0)


def test_chunks() -> None:
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]


def test_hours_are_counted_from_1970() -> None:
    assert hour_of(NOW) == NOW_HOUR


@pytest.mark.on_one_database
def test_a_whole_past_is_summed_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "MOST_REPORTS", 1)
    monkeypatch.setattr(tested, "MOST_CUSTOMERS", 1)
    record([incoming(customer_id, received_at=NOW - hours * HOUR) for customer_id in ("a", "b") for hours in range(40)])

    summarise_all(NOW)

    assert usage() == [("a", "immich", 40), ("b", "immich", 40)]
    assert is_waiting() is False
