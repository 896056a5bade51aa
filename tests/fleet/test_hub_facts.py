from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from tests.build import NOW

from felhom_hub import __version__
from felhom_hub.base.instants import utc_now
from felhom_hub.base.models import DatabaseSize
from felhom_hub.fleet.hub_facts import growth_words, hub_facts, lasts_words

pytestmark = pytest.mark.django_db

MB, GB = 1_000_000, 1_000_000_000
DAY = timedelta(days=1)


def test_the_facts_are_those_of_this_process_and_its_database() -> None:
    facts = hub_facts(utc_now())

    assert facts.version == __version__
    assert facts.python.startswith("3.")
    assert facts.database.startswith({"sqlite": "SQLite 3.", "postgresql": "PostgreSQL 1"}[connection.vendor])
    assert facts.up_since < utc_now()
    assert facts.size_bytes > 0
    assert facts.free_bytes is not None
    assert facts.total_bytes is not None
    assert 0 < facts.used_share <= 100


def test_growth_is_measured_from_the_kept_sizes() -> None:
    for days_ago, size in ((40, 1 * MB), (30, 100 * MB), (0, 130 * MB)):
        DatabaseSize.objects.create(day=(NOW - days_ago * DAY).date(), size_bytes=size)

    assert hub_facts(NOW).growth == "1 MB a day, over 30 days"


def test_growth_is_not_made_up() -> None:
    DatabaseSize.objects.create(day=NOW.date(), size_bytes=130 * MB)

    facts = hub_facts(NOW)

    assert (facts.growth, facts.lasts) == ("not known yet, needs 2 days", "")


@pytest.mark.parametrize(
    ("growth", "days", "words"),
    [
        (None, 0, "not known yet, needs 2 days"),
        (1.2e9, 1, "1.2 GB a day, over 1 day"),
        (-5e6, 3, "-5 MB a day, over 3 days"),
    ],
)
def test_growth_says_over_how_many_days(growth: float | None, days: int, words: str) -> None:
    assert growth_words(growth, days=days) == words


@pytest.mark.parametrize(
    ("growth", "days", "free", "words"),
    [
        (20e6, 9, 6 * GB, "room for about 300 days"),
        (20e6, 6, 6 * GB, ""),
        (5e6, 9, 6 * GB, ""),
        (None, 0, 6 * GB, ""),
        (0.0, 9, 6 * GB, ""),
        (-1.0, 9, 6 * GB, ""),
        (5e6, 9, None, ""),
    ],
)
def test_room_is_forecast_from_a_week_on(growth: float | None, days: int, free: int | None, words: str) -> None:
    assert lasts_words(growth, days=days, free_bytes=free) == words


def test_a_volume_that_cannot_be_asked_has_no_share() -> None:
    facts = replace(hub_facts(NOW), free_bytes=None, total_bytes=None)

    assert facts.used_share == 0.0
