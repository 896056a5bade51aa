from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pytest_django import Settings

from felhom_hub.fleet.clock import Clock, clock_at


def test_the_clock_has_the_thresholds_in_force(settings: Settings) -> None:
    alerting = replace(settings.HUB.alerting, stale_threshold=timedelta(minutes=2), down_threshold=timedelta(hours=1))
    settings.HUB = replace(settings.HUB, alerting=alerting)
    now = datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)

    assert clock_at(now) == Clock(now, 1_500, 120_000, 3_600_000)
