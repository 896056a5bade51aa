from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.build import NOW, incoming, make_customer, make_node, record
from tests.two_hubs import both_at_once

from felhom_hub.base.db import Db
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import JOBS, load_jobs
from felhom_hub.reports.models import NodeState
from felhom_hub.watch.hearing import LOOK, record_beats
from felhom_hub.watch.models import DeafSpan, Hearing, NodeLevel
from felhom_hub.watch.pulse import Beat, Cause

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def beat(
    at: datetime,
    cause: Cause = "stalled",
    *,
    is_first: bool = False,
    is_hearing: bool = True,
    is_set_back: bool = False,
) -> None:
    with transaction.atomic():
        record_beats(Db(), [Beat(at, cause, is_first, is_hearing, is_set_back)])


def ledger() -> list[tuple[datetime, datetime, str]]:
    return list(DeafSpan.objects.order_by("from_at").values_list("from_at", "to_at", "cause"))


def test_a_hub_that_beats_is_not_deaf() -> None:
    make_node(make_customer("a"), last_received_at=NOW - SECOND)
    for number in range(20):
        beat(NOW + number * 5 * SECOND)

    assert ledger() == []
    assert Hearing.objects.get().at == NOW + 95 * SECOND


def test_a_gap_is_written_down_with_its_cause() -> None:
    make_node(make_customer("a"), last_received_at=NOW - SECOND)
    beat(NOW)
    beat(NOW + 6 * HOUR, "off", is_first=True)
    beat(NOW + 7 * HOUR, "asleep")

    assert ledger() == [(NOW, NOW + 6 * HOUR, "off"), (NOW + 6 * HOUR, NOW + 7 * HOUR, "asleep")]


@pytest.mark.parametrize(("seconds", "is_first", "spans"), [(15, False, 0), (16, False, 1), (6, True, 0), (7, True, 1)])
def test_a_short_gap_counts_only_after_a_start(seconds: int, is_first: bool, spans: int) -> None:
    make_node(make_customer("a"), last_received_at=NOW - SECOND)
    beat(NOW)
    beat(NOW + seconds * SECOND, is_first=is_first)

    assert len(ledger()) == spans


def test_an_empty_database_has_no_deaf_time() -> None:
    make_customer("pending")
    beat(NOW)
    beat(NOW + HOUR, "off", is_first=True)

    assert ledger() == []


def test_a_report_that_was_accepted_ends_deafness() -> None:
    make_node(make_customer("a"), last_received_at=NOW - SECOND)
    beat(NOW)
    record([incoming("b", received_at=NOW + 20 * MINUTE)])
    beat(NOW + 20 * MINUTE + 10 * SECOND)

    assert ledger() == [(NOW, NOW + 20 * MINUTE, "stalled")]


def test_while_one_hub_beats_none_is_deaf() -> None:
    make_node(make_customer("a"), last_received_at=NOW - SECOND)
    for number in range(100):
        beat(NOW + number * 5 * SECOND)
    beat(NOW + 501 * SECOND, "off", is_first=True)  # another hub, off for long

    assert ledger() == []


def test_a_beat_of_a_hub_that_refuses_is_none() -> None:
    make_node(make_customer("a"), last_received_at=NOW - SECOND)
    beat(NOW)
    for number in range(1, 60):
        beat(NOW + number * 5 * SECOND, is_hearing=False)
    beat(NOW + 300 * SECOND, "refused")

    assert ledger() == [(NOW, NOW + 300 * SECOND, "refused")]


def test_the_first_ledger_begins_with_the_newest_report_and_has_nothing_to_tell() -> None:
    make_node(make_customer("a"), last_received_at=NOW - HOUR)
    beat(NOW, "off", is_first=True)

    assert ledger() == [(NOW - HOUR, NOW, "off")]
    assert DeafSpan.objects.get().told_at == NOW


def test_a_clock_that_is_a_little_behind_another_hubs_changes_nothing() -> None:
    make_node(make_customer("a"), last_received_at=NOW - SECOND)
    beat(NOW)
    beat(NOW - 3 * SECOND)
    beat(NOW - 3 * SECOND, is_first=True)

    assert Hearing.objects.get().at == NOW


@pytest.mark.parametrize("options", [{"is_set_back": True}, {"is_first": True}])
def test_after_a_clock_was_set_back_no_silence_hides(options: Any) -> None:
    customer = make_customer("a")
    make_node(customer, last_received_at=NOW + 90 * MINUTE)
    since = NOW + 100 * MINUTE
    NodeLevel.objects.create(customer=customer, level="stale", since_at=since, heard_at=since, is_told=True)
    beat(NOW + 2 * HOUR)
    DeafSpan.objects.create(from_at=NOW - MINUTE, to_at=NOW + HOUR, cause="clock")

    beat(NOW, **options)

    assert NodeState.objects.get().last_received_at == NOW
    assert NodeLevel.objects.values_list("heard_at", "since_at").get() == (NOW, NOW)
    assert ledger() == [(NOW - MINUTE, NOW, "clock")]
    assert Hearing.objects.get().at == NOW


@pytest.mark.django_db(transaction=True)
def test_two_hubs_that_wake_together_write_a_gap_once() -> None:
    make_node(make_customer("a"), last_received_at=NOW - SECOND)
    beat(NOW)

    both_at_once(lambda: beat(NOW + HOUR), lambda: beat(NOW + HOUR + SECOND))

    assert ledger() == [(NOW, NOW + HOUR, "stalled")]
    assert Hearing.objects.get().at == NOW + HOUR + SECOND


@pytest.mark.parametrize(("level", "blocked", "heard_after", "is_due"), [
    ("down", False, MINUTE, True),
    ("stale", False, MINUTE, True),
    ("down", False, 0 * MINUTE, False),
    ("heard", False, MINUTE, False),
    ("down", True, MINUTE, False),
])  # fmt: skip
def test_a_beat_after_a_silent_nodes_report_asks_for_a_look(
    level: str, blocked: bool, heard_after: timedelta, is_due: bool
) -> None:
    load_jobs()
    customer = make_customer("a", blocked_at=NOW if blocked else None)
    make_node(customer, last_received_at=NOW - HOUR + heard_after)
    NodeLevel.objects.create(customer=customer, level=level, since_at=NOW, heard_at=NOW - HOUR, is_told=True)
    Job.objects.create(name=LOOK, next_at=NOW + HOUR)

    beat(NOW)

    assert LOOK in JOBS
    assert Job.objects.get(name=LOOK).next_at == (NOW if is_due else NOW + HOUR)


def test_reports_from_before_the_clock_was_set_back_are_no_witnesses_when_it_is_set_right() -> None:
    """Found by the simulation (seed 2, 20 nodes, 10 days): all fell silent at once when the clock was right again."""
    make_node(make_customer("a"), last_received_at=NOW - MINUTE)
    beat(NOW - MINUTE)
    for minute in range(60):
        record([incoming("b", received_at=NOW + minute * MINUTE)])
    beat(NOW + HOUR)
    beat(NOW - HOUR + 5 * SECOND, "stalled", is_set_back=True)
    beat(NOW + HOUR + 10 * SECOND, "clock")

    (begin, end, cause) = ledger()[-1]
    assert (begin, end, cause) == (NOW - HOUR + 5 * SECOND, NOW + HOUR + 10 * SECOND, "clock")
