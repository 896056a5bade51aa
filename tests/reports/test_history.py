from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.build import NOW, incoming, record

from felhom_hub.base.instants import to_milliseconds
from felhom_hub.customers.models import Customer
from felhom_hub.reports.history import health_since

pytestmark = pytest.mark.django_db


def since(health: str | None, *said: str | None) -> int | None:
    """The minute of the first report of the run, where the reports of minutes 0, 1, 2, … said these."""
    record(
        incoming(received_at=NOW + timedelta(minutes=minute), health={"status": each})
        for minute, each in enumerate(said)
    )
    # Another customer's reports must not count.
    record([incoming("nagy-anna", received_at=NOW - timedelta(hours=1), health={"status": "fail"})])
    found = health_since(Customer.objects.get(customer_id="kovacs-peter").pk, health)
    return None if found is None else (found - to_milliseconds(NOW)) // 60_000


@pytest.mark.parametrize(
    ("said", "minute"),
    [
        (["ok"], 0),
        (["ok", "ok", "ok"], 0),
        (["warn", "ok", "ok"], 1),
        (["ok", "fail", "ok"], 2),
        ([None, "ok", "ok"], 1),
        (["ok", None, "ok"], 2),
    ],
)
def test_the_run_begins_behind_the_last_report_that_said_something_else(
    said: Sequence[str | None], minute: int
) -> None:
    assert since("ok", *said) == minute


@pytest.mark.parametrize(("said", "minute"), [([None, None], 0), (["ok", None, None], 1)])
def test_saying_nothing_is_a_health_of_its_own(said: Sequence[str | None], minute: int) -> None:
    assert since(None, *said) == minute


def test_there_is_no_run_where_the_newest_report_says_something_else() -> None:
    assert since("ok", "ok", "warn") is None
