from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.build import NOW

from felhom_hub.events.fleet_events import FleetEvent
from felhom_hub.fleet.event_rows import page_of, row_of, rows_by_day
from felhom_hub.fleet.told import NOBODY, Told

ZONE = ZoneInfo("Europe/Budapest")
EVENT = FleetEvent(7, "backup_failed", "error", "no", "controller", NOW, "", 1, "anna", "Nagy Anna")
TOLD = Told("Sent to operator", "Customer: sent", is_failed=False)


def test_rows_stand_under_their_day_with_who_was_told() -> None:
    older = FleetEvent(6, "test", "info", "", "controller", NOW - timedelta(days=1), "")

    today, yesterday = rows_by_day([EVENT, older], {7: TOLD}, now=NOW, zone=ZONE)

    assert (today.anchor, today.heading) == ("day-2026-11-23", "Today")
    assert (yesterday.anchor, yesterday.heading) == ("day-2026-11-22", "Yesterday, Sun 22 Nov")
    assert today.rows == [row_of(EVENT, TOLD)]
    assert yesterday.rows == [row_of(older, NOBODY)]
    assert (today.rows[0].line.title, today.rows[0].path) == ("no", "/customers/anna")


def test_only_who_is_there_has_a_page() -> None:
    gone = FleetEvent(7, "test", "info", "", "hub", NOW, "", 1, "anna", "", is_deleted=True)

    assert [page_of(each) for each in (EVENT, gone, FleetEvent(7, "test", "info", "", "hub", NOW))] == [
        "/customers/anna", "", "",
    ]  # fmt: skip
