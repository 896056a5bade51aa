from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW, incoming, record

from felhom_hub.fleet.reported import Reported, reported_of
from felhom_hub.reports.models import NodeState
from felhom_hub.reports.summary import summary_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def report(minutes: float = 4, **members: Any) -> None:
    record([incoming(received_at=NOW - minutes * MINUTE, **members)])


def reported() -> Reported:
    summary = summary_of("kovacs-peter", now=NOW)
    assert summary is not None
    assert summary.node is not None
    return reported_of(summary, summary.node, now=NOW, zone=ZoneInfo("Europe/Budapest"))


@pytest.mark.parametrize(
    ("minutes", "words"), [(4, "next due in 11 min"), (14.5, "next due in under 1 min"), (20, "the next one is late")]
)
def test_the_next_report_is_due_after_a_quarter_of_an_hour(minutes: float, words: str) -> None:
    report(minutes)

    found = reported()

    assert found.due_words == words


def test_a_server_that_reports_every_hour_is_due_after_an_hour() -> None:
    report(40)
    NodeState.objects.update(allowance_ms=45 * 60_000)

    found = reported()

    assert (found.due_words, found.expected) == ("next due in 20 min", "1 h")


@pytest.mark.parametrize(
    ("timestamp", "words"),
    [
        ("2026-11-23T11:56:10Z", "in step with the hub"),
        ("2026-11-23T12:09:00Z", "13 min ahead"),
        ("2026-11-23T09:56:00Z", "2 h behind"),
        (None, ""),
    ],
)
def test_the_clock_is_compared_with_the_hubs(timestamp: str | None, words: str) -> None:
    report(timestamp=timestamp)

    found = reported()

    assert found.skew == words


@pytest.mark.parametrize(("seconds", "words"), [(864000, "10 d"), (-5, ""), (1e14, ""), ("long", "")])
def test_an_uptime_that_cannot_be_is_not_shown(seconds: object, words: str) -> None:
    report(system={"uptime_seconds": seconds})

    found = reported()

    assert found.uptime == words
