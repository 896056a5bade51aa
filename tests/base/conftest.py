from collections.abc import Iterator

import pytest

from felhom_hub.base import schedule


@pytest.fixture
def no_jobs_but_the_tests_own() -> Iterator[None]:
    known = dict(schedule.JOBS)
    schedule.JOBS.clear()
    yield
    schedule.JOBS.clear()
    schedule.JOBS.update(known)
