from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.base.jobs import note_database_size
from felhom_hub.base.models import DatabaseSize
from felhom_hub.base.schedule import JOBS, load_jobs
from felhom_hub.base.timetable import Interval
from felhom_hub.base.words import size_words


@pytest.mark.django_db
def test_the_size_of_today_is_kept_and_said() -> None:
    said = note_database_size(NOW)

    (row,) = DatabaseSize.objects.all()
    assert (row.day, size_words(row.size_bytes)) == (NOW.date(), said)


def test_it_runs_four_times_a_day() -> None:
    load_jobs()

    job = JOBS["base.note_database_size"]

    assert (job.run, job.timetable, job.label) == (note_database_size, Interval(timedelta(hours=6)), "Database size")
