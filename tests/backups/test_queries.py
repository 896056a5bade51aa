from datetime import timedelta
from pathlib import Path

import pytest
from tests.backups.databases import noted
from tests.build import NOW

from felhom_hub.backups.queries import Known, known_backups, proven_files, waiting_for_proof

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_without_backups_nothing_is_known() -> None:
    assert known_backups(NOW) == Known(None, None, None)
    assert waiting_for_proof("/b", NOW) is None
    assert proven_files(NOW) == frozenset()


def test_the_newest_of_each_kind_is_found() -> None:
    proven = noted("/b/1", NOW - 3 * DAY)
    faulty = noted("/b/2", NOW - 2 * DAY, proven=False)
    noted("/b/3", NOW - DAY, proven=None)
    newest = noted("/b/4", NOW, proven=None)

    assert known_backups(NOW) == Known(newest, faulty, proven)
    assert waiting_for_proof("/b", NOW) == newest
    assert proven_files(NOW) == {Path("/b/1")}


def test_one_that_has_been_looked_at_waits_no_more() -> None:
    noted("/b/1", NOW - DAY, proven=None)
    noted("/b/2", NOW, proven=False)

    assert waiting_for_proof("/b", NOW) is None


def test_one_that_was_made_elsewhere_is_nobodys_to_prove() -> None:
    newest = noted("/b/1", NOW - DAY, proven=None)
    noted("/by-hand/2", NOW, proven=None)
    noted("/bb/3", NOW, proven=None)

    assert waiting_for_proof("/b", NOW) == newest
    assert waiting_for_proof("/", NOW) is not None


def test_a_time_that_a_clock_noted_that_was_ahead_counts_for_nothing() -> None:
    real = noted("/b/1", NOW - DAY)
    noted("/b/2", NOW + 30 * DAY)

    assert known_backups(NOW) == Known(real, real, real)
