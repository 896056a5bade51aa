from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.base.schedule import JOBS
from felhom_hub.base.timetable import Interval
from felhom_hub.fleet.changes import Trouble
from felhom_hub.fleet.jobs import forget_old_visits
from felhom_hub.fleet.models import Visit
from felhom_hub.fleet.visits import look_of, note_look


@pytest.mark.django_db
def test_old_visits_go_once_a_day() -> None:
    note_look(look_of("a", now=NOW), Trouble(frozenset(), frozenset()), now=NOW)

    assert forget_old_visits(NOW + timedelta(days=91)) == 1
    assert not Visit.objects.exists()
    assert JOBS["fleet.forget_old_visits"].timetable == Interval(timedelta(days=1))
