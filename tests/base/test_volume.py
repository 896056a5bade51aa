from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.build import NOW

from felhom_hub.base.models import DatabaseSize
from felhom_hub.base.volume import Forecast, Volume, forecast, hub_volume, steady_growth

DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)
MB, GB = 1_000_000, 1_000_000_000


def sizes(*of_days: int) -> list[tuple[date, int]]:
    """One a day, the last one today."""
    return [(TODAY - (len(of_days) - 1 - index) * DAY, size) for index, size in enumerate(of_days)]


@pytest.mark.parametrize(
    ("history", "growth"),
    [
        ([], None),
        (sizes(5), None),
        (sizes(500, 700), 200),
        (sizes(*range(0, 1000, 100)), 100),
        (sizes(900, 700, 500), -200),
        # A day on which a move brought in, or a vacuum took away, a hundred times as much.
        (sizes(0, 100, 200, 300, 400, 10_500, 10_600, 10_700, 10_800, 10_900, 11_000, 11_100), 100),
        (sizes(10_000, 10_100, 10_200, 10_300, 10_400, 500, 600, 700, 800, 900, 1000, 1100), 100),
        ([(TODAY - 10 * DAY, 0), (TODAY - 4 * DAY, 600), (TODAY, 1000)], 100),
    ],
)
def test_growth_is_the_usual_one_of_a_day(history: list[tuple[date, int]], growth: float | None) -> None:
    found = steady_growth(history)

    assert found == (growth if growth is None else pytest.approx(growth, rel=0.02))


@pytest.mark.parametrize(
    ("history", "free", "full_on", "words", "is_known"),
    [
        (sizes(*range(0, 800, 100)), 3050, TODAY + 30 * DAY, "full about 23 Dec 2026, in 30 days", True),
        (sizes(*range(0, 800, 100)), 99, TODAY, "full today", True),
        (sizes(*range(0, 800, 100)), 10**9, None, "not full within 10 years", True),
        (sizes(*range(800, 0, -100)), 3000, None, "not growing", True),
        (sizes(*[500] * 30), 3000, None, "not growing", True),
        (sizes(*range(0, 800, 100)), None, None, "not known: the volume cannot be asked", False),
        ([], 3000, None, "not known yet: that takes 7 days of history, there are 0 days", False),
        (sizes(0, 100), 3000, None, "not known yet: that takes 7 days of history, there is 1 day", False),
    ],
)  # fmt: skip
def test_the_day_is_said_or_why_there_is_none(
    history: list[tuple[date, int]], free: int | None, full_on: date | None, words: str, is_known: bool
) -> None:
    found = forecast(history, free_bytes=free, today=TODAY)

    assert (found.full_on, found.words, found.is_known) == (full_on, words, is_known)


@pytest.mark.django_db
def test_the_hubs_volume_is_forecast_from_the_kept_sizes() -> None:
    for days_ago in range(20):
        DatabaseSize.objects.create(day=(NOW - days_ago * DAY).date(), size_bytes=10 * GB - days_ago * 40 * GB)

    volume = hub_volume(NOW)

    assert volume.free_bytes is not None
    assert volume.total_bytes is not None
    assert volume.free_bytes < volume.total_bytes
    assert volume.forecast.growth == 40 * GB
    if connection.vendor == "sqlite":
        assert volume.forecast == forecast(sizes_kept(), free_bytes=volume.free_bytes, today=NOW.date())
    else:
        assert volume.forecast == Forecast(40 * GB, 19, None, "not known: it is the database server's")


def sizes_kept() -> list[tuple[date, int]]:
    return list(DatabaseSize.objects.order_by("day").values_list("day", "size_bytes"))


@pytest.mark.django_db
def test_a_volume_that_cannot_be_asked_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_place: Any) -> None:
        raise OSError

    monkeypatch.setattr("felhom_hub.base.volume.shutil.disk_usage", refuse)

    volume = hub_volume(NOW)

    assert (volume.free_bytes, volume.total_bytes, volume.is_low) == (None, None, False)


@pytest.mark.parametrize(
    ("free", "total", "is_low"),
    [
        (50 * MB, 1 * GB, False),
        (50 * MB - 1, 1 * GB, True),
        (1 * GB, 4000 * GB, False),
        (1 * GB - 1, 4000 * GB, True),
        (0, 1 * GB, True),
    ],
)
def test_a_small_volume_is_low_below_a_twentieth_and_a_large_one_below_a_gigabyte(
    free: int, total: int, *, is_low: bool
) -> None:
    volume = Volume(Path("/data"), free, total, forecast([], free_bytes=free, today=TODAY))

    assert volume.is_low is is_low
