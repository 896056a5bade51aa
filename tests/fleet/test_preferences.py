from datetime import UTC, datetime
from typing import Any

import pytest

from felhom_hub.fleet.preferences import EnabledEvent, PreferencesRow, preferences_row
from felhom_hub.notify.queries import StoredPreferences

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def row(**members: Any) -> PreferencesRow:
    plain: dict[str, Any] = {
        "email": "anna@example.hu",
        "enabled_events": ("backup_failed",),
        "cooldown_hours": 6,
        "set_by": "controller",
        "updated_at": AT,
    }
    found = preferences_row(StoredPreferences(**(plain | members)))
    assert found is not None
    return found


def test_nobody_has_said_anything() -> None:
    assert preferences_row(None) is None


def test_preferences_in_words() -> None:
    found = row(enabled_events=("backup_failed", "fan_too_loud"))

    assert found.events == [
        EnabledEvent("backup_failed", "Backup failed", is_catalogued=True),
        EnabledEvent("fan_too_loud", "Fan too loud", is_catalogued=False),
    ]
    assert (found.email, found.set_by, found.updated_at) == ("anna@example.hu", "the box", AT)


@pytest.mark.parametrize(("hours", "words"), [(0, "none"), (1, "1 h for each type"), (168, "168 h for each type")])
def test_cooldowns(hours: int, words: str) -> None:
    assert row(cooldown_hours=hours).cooldown == words


def test_an_operators_word_is_told_apart() -> None:
    assert row(set_by="operator").set_by == "the operator"
