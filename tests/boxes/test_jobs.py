from datetime import timedelta

import pytest
from tests.boxes.conftest import KATA, Served
from tests.build import NOW

from felhom_hub.base.schedule import JOBS, Lane, load_jobs
from felhom_hub.base.timetable import Interval
from felhom_hub.boxes.ask import JOB, ask
from felhom_hub.boxes.models import Call


def test_it_has_a_lane_of_its_own() -> None:
    load_jobs()

    assert (JOBS[JOB].lane, JOBS[JOB].timetable) == (Lane.CONTROLLERS, Interval(timedelta(seconds=5)))


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_made_beside_each_other(served: Served) -> None:
    load_jobs()
    for kind in Call.Kind:
        ask(kind, "kiss-foto", now=NOW, by=KATA)

    assert JOBS[JOB].run(NOW) == "3 calls made"
    assert {*Call.objects.values_list("state", flat=True)} == {"done"}
    assert served.updates == ["wished"]
    assert JOBS[JOB].run(NOW) == "nothing to do"


@pytest.mark.django_db
def test_old_calls_are_forgotten() -> None:
    load_jobs()

    assert JOBS["boxes.forget_old_calls"].run(NOW) == "0 live files and 0 calls removed"
