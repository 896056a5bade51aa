from datetime import timedelta

import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import app, figures, store

from felhom_hub.base.schedule import JOBS, Lane, load_jobs
from felhom_hub.base.timetable import Interval
from felhom_hub.telemetry.jobs import sum_up_apps

pytestmark = pytest.mark.django_db


def test_apps_are_summed_up_every_minute_and_hold_up_nobody_who_watches() -> None:
    load_jobs()

    job = JOBS["telemetry.sum_up_apps"]

    assert (job.timetable, job.lane) == (Interval(timedelta(minutes=1)), Lane.STEADY)


def test_what_was_reported_is_summed_up() -> None:
    store(make_customer("a"), NOW, app(100))

    assert sum_up_apps(NOW) == "1 customer summed up"
    assert figures() == [("immich", 1, 1)]
