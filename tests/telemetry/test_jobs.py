from datetime import timedelta

import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import app, figures, store

from felhom_hub.base.schedule import JOBS, load_jobs
from felhom_hub.base.timetable import Interval
from felhom_hub.telemetry.jobs import clean_up_app_figures, sum_up_apps

pytestmark = pytest.mark.django_db


def test_both_are_registered() -> None:
    load_jobs()

    assert JOBS["telemetry.sum_up_apps"].timetable == Interval(timedelta(minutes=1))
    assert JOBS["telemetry.clean_up_app_figures"].timetable == Interval(timedelta(days=1))


def test_they_do_their_work() -> None:
    store(make_customer("a"), NOW, app(100))

    assert sum_up_apps(NOW) == "1 customer summed up"
    assert figures() == [("immich", 1, 1)]
    assert clean_up_app_figures(NOW + timedelta(days=40)) == "2 removed"
