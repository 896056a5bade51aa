from datetime import timedelta

import pytest
from tests.build import NOW, incoming_event, record_all_events

from felhom_hub.base.schedule import JOBS, load_jobs
from felhom_hub.base.timetable import Interval
from felhom_hub.events.counts import WINDOW
from felhom_hub.events.jobs import move_counted_window
from felhom_hub.events.models import EventCount

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_the_window_moves_once_a_minute() -> None:
    load_jobs()

    assert JOBS["events.move_counted_window"].timetable == Interval(MINUTE)
    assert JOBS["events.move_counted_window"].run is move_counted_window


def test_what_is_a_day_old_leaves_the_badges() -> None:
    move_counted_window(NOW)
    record_all_events([incoming_event()])

    assert move_counted_window(NOW + WINDOW + MINUTE) == "1 event left the counts"
    assert list(EventCount.objects.values_list("errors", "warnings")) == [(0, 0)]
