from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.build import NOW, report_body

from felhom_hub.base.errors import BadRequest
from felhom_hub.base.instants import rfc3339
from felhom_hub.events.models import Event
from felhom_hub.reports.body import unpack
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.reports.past import BATCH, record_past_events, record_past_reports
from felhom_hub.reports.receipts import newest_receipt

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def body_of(number: int, at: datetime) -> bytes:
    return report_body(customer_id=f"box-{number % 3}", timestamp=rfc3339(at), number=number)


def past(number: int) -> list[tuple[datetime, bytes]]:
    times = [NOW + index * SECOND for index in range(number)]
    return [(at, body_of(index, at)) for index, at in enumerate(times)]


def event(**members: Any) -> dict[str, Any]:
    return {"customer_id": "box-0", "event_type": "backup_failed", "severity": "error", "message": "no", **members}


def test_reports_are_stored_byte_for_byte_at_the_time_that_they_came() -> None:
    reports = past(7)

    assert list(record_past_reports(iter(reports))) == [7]

    stored = Report.objects.order_by("received_at").values_list("received_at", "body")
    assert [(at, unpack(bytes(body))) for at, body in stored] == reports
    assert newest_receipt() == reports[-1][0]
    assert NodeState.objects.count() == 3


def test_many_reports_are_committed_in_batches_and_taken_no_earlier_than_needed() -> None:
    taken = []

    def reports() -> Iterator[tuple[datetime, bytes]]:
        for each in past(BATCH + 1):
            taken.append(each)
            yield each

    commits = record_past_reports(reports())

    assert (next(commits), len(taken), Report.objects.count()) == (BATCH, BATCH, BATCH)
    assert (list(commits), Report.objects.count()) == ([1], BATCH + 1)


def test_no_reports_are_no_commit() -> None:
    assert list(record_past_reports([])) == []


def test_same_past_again_changes_nothing() -> None:
    assert [list(record_past_reports(past(5))) for _ in range(2)] == [[5], [5]]
    assert Report.objects.count() == 5


def test_impossible_report_is_raised_and_its_batch_not_stored() -> None:
    with pytest.raises(BadRequest):
        list(record_past_reports([*past(2), (NOW, b"{}")]))

    assert Report.objects.count() == 0


def test_events_are_stored_and_counted() -> None:
    events = [(NOW + number * SECOND, event(message=str(number))) for number in range(BATCH + 1)]

    assert record_past_events(iter(events)) == BATCH + 1

    stored = Event.objects.order_by("created_at").values_list("created_at", "message", "customer__customer_id")
    assert list(stored) == [(at, document["message"], "box-0") for at, document in events]


def test_impossible_event_is_raised_and_its_batch_not_stored() -> None:
    with pytest.raises(BadRequest):
        record_past_events([(NOW, event()), (NOW, {"customer_id": "box-0"})])

    assert Event.objects.count() == 0
    assert record_past_events([]) == 0
