import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from tests.build import NOW, make_customer, make_node

from felhom_hub import __version__
from felhom_hub.base.instants import utc_now
from felhom_hub.base.models import DatabaseSize
from felhom_hub.fleet.hub_facts import growth_words, hub_facts

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


def test_the_last_report_is_that_of_whoever_was_heard_last() -> None:
    assert hub_facts(NOW).last_report_at is None

    for number, hours in enumerate((2, 0, 1)):
        make_node(make_customer(f"box-{number}"), last_received_at=NOW - timedelta(hours=hours))
    make_customer("silent")

    assert hub_facts(NOW).last_report_at == NOW


def test_growth_is_measured_from_the_kept_sizes() -> None:
    for days_ago, size in ((40, 1 * MB), (30, 100 * MB), (0, 130 * MB)):
        DatabaseSize.objects.create(day=(NOW - days_ago * DAY).date(), size_bytes=size)

    assert hub_facts(NOW).growth == "1 MB a day, over 30 days"


def test_growth_is_not_made_up() -> None:
    DatabaseSize.objects.create(day=NOW.date(), size_bytes=130 * MB)

    facts = hub_facts(NOW)

    assert facts.growth == "not known yet, needs 2 days"
    assert facts.full.startswith("not known")


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


def test_the_day_on_which_the_volume_is_full_is_said_and_whether_it_is_near(settings: Any) -> None:
    free = hub_facts(NOW).free_bytes or 0
    for days_ago in range(10):
        size = 10 * free - days_ago * (free // 20)
        DatabaseSize.objects.create(day=(NOW - days_ago * DAY).date(), size_bytes=size)

    near = hub_facts(NOW)
    settings.HUB = replace(settings.HUB, alerting=replace(settings.HUB.alerting, volume_days=3))
    far = hub_facts(NOW)

    if connection.vendor == "sqlite":
        assert re.fullmatch(r"full about \d+ Dec 2026, in (19|20|21) days at the present growth", near.full)
        assert (near.is_filling, far.is_filling) == (True, False)
    else:
        assert (near.full, near.is_filling) == ("not known: it is the database server's", False)


def test_a_volume_that_is_nearly_full_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    def room(_place: Any) -> Any:
        return SimpleNamespace(free=40 * MB, total=1 * GB)

    assert not hub_facts(NOW).is_low
    monkeypatch.setattr("felhom_hub.base.volume.shutil.disk_usage", room)

    assert hub_facts(NOW).is_low


def test_a_volume_that_cannot_be_asked_has_no_share() -> None:
    facts = replace(hub_facts(NOW), free_bytes=None, total_bytes=None)

    assert facts.used_share == 0.0
