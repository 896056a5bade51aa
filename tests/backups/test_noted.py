from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.backups.databases import noted
from tests.build import NOW

from felhom_hub.backups import noted as module
from felhom_hub.backups.noted import NOTED_FOR, Noted, note_backups, noted_backups
from felhom_hub.backups.own_alarms import MISSED, raise_alarm

pytestmark = pytest.mark.django_db

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_noted(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "_noted", [])
    settings.HUB = replace(settings.HUB, backup=replace(settings.HUB.backup, dir="/backups"))
    yield
    module._noted.clear()


def test_the_newest_proven_one_is_noted_and_whether_an_alarm_stands() -> None:
    assert noted_backups() is None
    note_backups(NOW)
    assert noted_backups() == Noted(NOW, None, None, is_alarmed=False)

    noted("/backups/1", NOW - DAY)
    noted("/backups/2", NOW, proven=None)
    raise_alarm("backup", MISSED, "It is late.", now=NOW)
    note_backups(NOW + DAY)

    assert noted_backups() == Noted(NOW + DAY, NOW - DAY, 31_000_000, is_alarmed=True)


def test_most_looks_cost_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    note_backups(NOW)
    with django_assert_num_queries(0):
        note_backups(NOW + NOTED_FOR - SECOND)
    for at in (NOW + NOTED_FOR, NOW - DAY):  # also after a clock was set back
        with django_assert_num_queries(2):
            note_backups(at)


def test_where_no_backups_are_made_there_is_nothing_to_note(
    settings: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    note_backups(NOW)
    settings.HUB = replace(settings.HUB, backup=replace(settings.HUB.backup, dir=""))
    with django_assert_num_queries(0):
        note_backups(NOW + DAY)

    assert noted_backups() is None
