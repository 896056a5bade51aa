"""A situation for the tests of letters."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.build import NOW

from felhom_hub.notify.situation import Situation


def situation(**members: Any) -> Situation:
    """A failed backup of Kovács Péter's, with `members` in place of its own."""
    return Situation(
        **{
            "event_pk": 48213,
            "event_type": "backup_failed",
            "severity": "error",
            "message": "restic: exit status 1",
            "at": NOW,
            "now": NOW,
            "zone": ZoneInfo("Europe/Budapest"),
            "customer_id": "kovacs-peter",
            "name": "Kovács Péter",
            "town": "Pécs",
            "domain": "kovacs-peter.example.hu",
            "phone": "+36 20 555 0142",
            "last_report_at": NOW - timedelta(hours=1),
            "last_backup_at": NOW - timedelta(hours=34),
            "controller_version": "v0.30.1",
            "cooldown": timedelta(hours=6),
            "hub_url": "https://hub.example.hu",
            **members,
        }
    )
