from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.notify.passing import METERED, PASSING, Passing, Reading, is_over
from felhom_hub.notify.policy import RECOVERS

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def drive(event_type: str = "disk_warning") -> Passing:
    return Passing(pk=1, subject=7, event_type=event_type, event_pk=3, last_at=NOW)


def test_every_alarm_of_a_box_has_a_recovery_or_passes() -> None:
    ended = frozenset().union(*RECOVERS.values())
    alarms = {name for name, each in CATALOGUE.items() if each.from_controller and each.default_severity != "info"}

    assert alarms - ended == PASSING
    assert METERED.keys() < PASSING


@pytest.mark.parametrize(
    ("value", "made", "now", "over"),
    [
        (84.9, HOUR, 2 * HOUR, True),
        (85.0, HOUR, 99 * HOUR, False),  # it has not come again, and is as it was
        (84.9, 59 * MINUTE, 2 * HOUR, False),  # the box may say it again in a moment
        (40.0, -MINUTE, 23 * HOUR, False),  # a report from before
        (40.0, -MINUTE, 24 * HOUR, True),
        (99.0, -MINUTE, 24 * HOUR, True),
        (None, HOUR, 24 * HOUR - MINUTE, False),
        (None, HOUR, 24 * HOUR, True),
    ],
)
def test_what_is_measured_stands_until_it_is_below_its_line(
    value: float | None, made: timedelta, now: timedelta, over: bool
) -> None:
    reading = None if value is None else Reading(value, 85, NOW + made)

    assert is_over(drive(), reading, now=NOW + now) is over


def test_what_nothing_measures_is_over_when_it_has_not_come_again_for_a_day() -> None:
    app = drive("container_unhealthy")

    assert [is_over(app, None, now=NOW + hours * HOUR) for hours in (1, 23, 24)] == [False, False, True]
