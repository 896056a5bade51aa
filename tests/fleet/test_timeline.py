from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from felhom_hub.events.queries import RecordedEvent
from felhom_hub.fleet.timeline import Day, EventLine, days_of

ZONE = ZoneInfo("Europe/Budapest")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def event(
    pk: int, at: datetime, *, event_type: str = "backup_failed", severity: str = "error", message: str = "no"
) -> RecordedEvent:
    return RecordedEvent(pk, event_type, severity, message, "controller", at)


def test_events_stand_under_their_local_day() -> None:
    midnight = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # half past midnight in Budapest
    events = [
        event(4, NOW),
        event(3, midnight),
        event(2, datetime(2026, 11, 22, 22, 30, tzinfo=UTC)),
        event(1, datetime(2025, 12, 31, 12, 0, tzinfo=UTC)),
    ]

    days = days_of(events, now=NOW, zone=ZONE)

    assert [(day.anchor, day.heading, [line.anchor for line in day.events]) for day in days] == [
        ("day-2026-11-23", "Today", ["e-4", "e-3"]),
        ("day-2026-11-22", "Yesterday, Sun 22 Nov", ["e-2"]),
        ("day-2025-12-31", "Wed 31 Dec 2025", ["e-1"]),
    ]


def test_a_line_tells_severity_kind_and_source() -> None:
    days = days_of([event(7, NOW, message="restic: exit status 1")], now=NOW, zone=ZONE)

    line = EventLine(7, "down", "Error", "restic: exit status 1", "backup_failed", True, "controller", NOW)
    assert days == [Day("day-2026-11-23", "Today", [line])]


def test_an_event_without_a_message_has_its_kinds_label() -> None:
    lines = days_of(
        [
            event(2, NOW, severity="warning", event_type="disk_warning", message=""),
            event(1, NOW, severity="info", event_type="my_own_kind", message=""),
        ],
        now=NOW,
        zone=ZONE,
    )[0].events

    assert [(line.title, line.tone, line.is_catalogued) for line in lines] == [
        ("Drive is filling up", "warn", True),
        ("My own kind", "info", False),
    ]


def test_no_events_are_no_days() -> None:
    assert days_of([], now=NOW, zone=ZONE) == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [("", ""), ("{}", ""), (" null ", ""), ('{"code": 1}', '{"code": 1}'), ("x" * 1001, "x" * 1000 + "…")],
)
def test_details_are_shown_where_there_are_some(written: str, shown: str) -> None:
    event = RecordedEvent(1, "test", "info", "", "controller", NOW, written)

    ((line,),) = (day.events for day in days_of([event], now=NOW, zone=ZONE))

    assert line.details == shown
