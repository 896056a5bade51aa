from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.build import NOW, incoming_event, record_all_events

from felhom_hub.customers.models import Customer
from felhom_hub.events.models import Event
from felhom_hub.events.queries import RecordedEvent, count_events, counts_by_severity, events_of_types, newest_events

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def pk_of(customer_id: str) -> int:
    return Customer.objects.get(customer_id=customer_id).pk


def test_an_event_is_told_as_it_was_accepted() -> None:
    record_all_events([incoming_event("a", message="restic: exit status 1")])

    assert newest_events(pk_of("a"), limit=5) == [
        RecordedEvent(
            Event.objects.get().pk, "backup_failed", "error", "restic: exit status 1", "controller", NOW
        )
    ]  # fmt: skip


def test_the_newest_come_first_and_of_one_moment_the_last_stored() -> None:
    moments = (2, 1, 1, 3)
    record_all_events(
        [
            incoming_event("a", message=str(index), received_at=NOW + minutes * MINUTE)
            for index, minutes in enumerate(moments)
        ]
    )

    assert [event.message for event in newest_events(pk_of("a"), limit=10)] == ["3", "0", "2", "1"]
    assert [event.message for event in newest_events(pk_of("a"), limit=2)] == ["3", "0"]


def test_they_are_of_one_customer_and_of_one_severity_if_asked() -> None:
    for customer_id in ("a", "b"):
        record_all_events(
            [incoming_event(customer_id, severity=each, message=customer_id + each) for each in ("info", "error")]
        )

    assert [event.message for event in newest_events(pk_of("a"), limit=10)] == ["aerror", "ainfo"]
    assert [event.message for event in newest_events(pk_of("b"), limit=10, severity="info")] == ["binfo"]
    assert newest_events(pk_of("b"), limit=10, severity="warning") == []


@pytest.mark.parametrize("count", [1, 30])
def test_they_cost_one_query(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record_all_events([incoming_event("a") for _ in range(count)])
    pk = pk_of("a")

    with django_assert_num_queries(1):
        newest_events(pk, limit=50)


def test_events_of_some_types_since_a_time() -> None:
    for minutes, event_type in ((50, "backup_failed"), (9, "backup_completed"), (5, "test"), (2, "backup_failed")):
        record_all_events([incoming_event("a", event_type=event_type, received_at=NOW - minutes * MINUTE)])
    record_all_events([incoming_event("b", event_type="backup_failed")])
    types, since = {"backup_failed", "backup_completed"}, NOW - 10 * MINUTE

    assert events_of_types(pk_of("a"), types, since=since, limit=9) == [
        ("backup_failed", NOW - 2 * MINUTE),
        ("backup_completed", NOW - 9 * MINUTE),
    ]
    assert len(events_of_types(pk_of("a"), types, since=since, limit=1)) == 1


def test_older_ones_than_a_given_one() -> None:
    for minutes, message in ((1, "a"), (2, "b"), (2, "c"), (3, "d")):
        record_all_events([incoming_event("a", message=message, received_at=NOW - minutes * MINUTE)])
    pk = pk_of("a")
    newest = newest_events(pk, limit=2)

    older = newest_events(pk, limit=9, before=(newest[-1].created_at, newest[-1].pk))

    assert [[event.message for event in part] for part in (newest, older)] == [["a", "c"], ["b", "d"]]


def test_only_the_beginning_of_details_is_read() -> None:
    record_all_events([incoming_event("a")])
    Event.objects.update(details_json="ő" * 5000)

    assert newest_events(pk_of("a"), limit=1)[0].details == "ő" * 1001


def test_severities_are_counted_up_to_a_limit() -> None:
    for severity in ("error", "info", "info"):
        record_all_events([incoming_event("a", severity=severity)])
    record_all_events([incoming_event("b", severity="warning")])

    assert counts_by_severity(pk_of("a"), limit=9) == {"error": 1, "info": 2}
    assert counts_by_severity(pk_of("a"), limit=2) == {"info": 2}


def test_events_of_one_customer_are_counted_up_to_a_limit() -> None:
    record_all_events([incoming_event("a"), incoming_event("a"), incoming_event("b")])

    assert [count_events(pk_of("a"), limit=limit) for limit in (9, 2, 1)] == [2, 2, 1]
