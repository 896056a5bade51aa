from datetime import timedelta

import pytest
from tests.build import NOW, make_customer, make_node

from felhom_hub.base.schedule import JOBS, load_jobs
from felhom_hub.events.models import Event
from felhom_hub.watch.jobs import look_for_silence

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_silence_is_looked_for_every_check_interval() -> None:
    load_jobs()

    assert JOBS["watch.look_for_silence"].interval == MINUTE
    assert JOBS["watch.look_for_silence"].run is look_for_silence


def test_a_silent_node_is_told() -> None:
    make_node(make_customer("a"))
    look_for_silence(NOW)

    assert look_for_silence(NOW + 30 * MINUTE) == "1 server changed"
    assert list(Event.objects.values_list("event_type", flat=True)) == ["node_stale"]
