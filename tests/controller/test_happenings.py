from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from felhom_controller.blueprint import build_fleet, build_machine
from felhom_controller.happenings import past_events
from felhom_controller.synthetic import report_at
from felhom_controller.troubles import is_silent, outage_at

UNTIL = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=30)


def test_events_are_in_order_and_inside_their_period() -> None:
    times = [created_at for created_at, _ in past_events(build_fleet(1, 24), since=SINCE, until=UNTIL)]
    assert times == sorted(times)
    assert times[0] >= SINCE
    assert times[-1] < UNTIL


def test_a_month_of_a_fleet_has_every_kind_of_event() -> None:
    kinds = {event["event_type"] for _, event in past_events(build_fleet(1, 24), since=SINCE, until=UNTIL)}
    assert kinds == {
        "backup_completed",
        "backup_failed",
        "container_unhealthy",
        "db_dump_completed",
        "disk_warning",
        "health_degraded",
        "health_recovered",
        "temperature_high",
        "update_completed",
    }


def test_every_event_has_the_members_of_the_contract() -> None:
    for _, event in past_events(build_fleet(1, 24), since=UNTIL - timedelta(days=2), until=UNTIL):
        assert list(event) == ["customer_id", "event_type", "severity", "message", "details", "source"]
        assert event["severity"] in {"info", "warning", "error"}


def test_nothing_is_sent_out_of_an_outage() -> None:
    machine = build_machine(1, 1)  # the one with frequent outages
    times = [created_at.timestamp() for created_at, _ in past_events([machine], since=SINCE, until=UNTIL)]
    assert times
    assert [at for at in times if outage_at(1, 1, at) is not None] == []


@pytest.mark.parametrize("index", [0, 2, 3, 5, 6, 14])
def test_health_events_agree_with_the_reports(index: int) -> None:
    machine = build_machine(1, index)
    known = report_at(machine, SINCE).health
    assert known is not None
    status = known.status
    for created_at, event in past_events([machine], since=SINCE, until=UNTIL):
        if event["event_type"] not in {"health_degraded", "health_recovered"}:
            continue
        after = report_at(machine, created_at + timedelta(seconds=30)).health
        assert after is not None
        if not is_silent(1, index, created_at.timestamp() - 60):
            assert after.status != status
            assert (event["event_type"] == "health_recovered") is (after.status == "ok")
        status = after.status


def test_a_span_in_two_halves_has_the_same_events() -> None:
    fleet, middle = build_fleet(1, 24), UNTIL - timedelta(days=11, hours=5)
    whole = Counter(str(item) for item in past_events(fleet, since=SINCE, until=UNTIL))
    first = Counter(str(item) for item in past_events(fleet, since=SINCE, until=middle))
    assert first + Counter(str(item) for item in past_events(fleet, since=middle, until=UNTIL)) == whole
