from datetime import datetime, timedelta

import pytest
from tests.build import NOW, make_customer, make_node

from felhom_hub.reports.models import NodeState
from felhom_hub.watch import set_back
from felhom_hub.watch.models import DeafSpan
from felhom_hub.watch.set_back import Mend, clock_was_set_back, register_set_back

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_rooms_above_are_told_to_which_time_when_the_rows_below_are_right_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[datetime, datetime]] = []
    monkeypatch.setattr(set_back, "_rooms", dict[str, Mend]())
    register_set_back("above", lambda now: seen.append((now, NodeState.objects.get().last_received_at)))
    make_node(make_customer(), last_received_at=NOW + HOUR)

    clock_was_set_back(NOW)

    assert seen == [(NOW, NOW)]


def test_deaf_time_that_was_noted_ahead_of_the_clock_never_was() -> None:
    spans = ((NOW - 2 * HOUR, NOW - HOUR), (NOW - HOUR, NOW + HOUR), (NOW, NOW + HOUR), (NOW + HOUR, NOW + 2 * HOUR))
    for begin, end in spans:
        DeafSpan.objects.create(from_at=begin, to_at=end, cause="clock")

    clock_was_set_back(NOW)

    left = DeafSpan.objects.order_by("from_at").values_list("from_at", "to_at")
    assert list(left) == [(NOW - 2 * HOUR, NOW - HOUR), (NOW - HOUR, NOW)]
