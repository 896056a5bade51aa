from datetime import timedelta

import pytest
from tests.build import NOW
from tests.silences.silences import ZONE, known

from felhom_hub.silences.coverage import Known, Subject, covers, quiet_of, reaches
from felhom_hub.silences.recurrence import Schedule, Window

HOUR = timedelta(hours=1)
ANNA, DIGI, FLEET = Subject(7), Subject(8, frozenset(("digi",))), Subject(None)
FOR_ANNA = known(reaches_all=False, customers=frozenset((7,)))
FOR_DIGI = known(reaches_all=False, tag="digi")


@pytest.mark.parametrize(
    ("silence", "reached"),
    [
        (known(), [True, True, True]),
        (FOR_ANNA, [True, False, False]),
        (FOR_DIGI, [False, True, False]),
        (known(reaches_all=False), [False, False, False]),  # of a customer that has been deleted
    ],
)
def test_a_silence_reaches_all_some_or_those_with_a_tag(silence: Known, reached: list[bool]) -> None:
    assert [reaches(silence, subject) for subject in (ANNA, DIGI, FLEET)] == reached


def test_a_silence_covers_its_types_and_may_spare_the_operator_alone() -> None:
    silence = known(choices=frozenset(("group:node",)), is_for_customers=False)

    assert covers(silence, ANNA, "node_down", audience="operator")
    assert not covers(silence, ANNA, "node_down", audience="customer")
    assert not covers(silence, ANNA, "disk_critical", audience="operator")


def test_the_silence_that_lasts_longest_is_named() -> None:
    short, long = known(pk=1), known(pk=2, schedule=Schedule(NOW, NOW + 3 * HOUR))
    endless = known(pk=3, schedule=Schedule(NOW, None))
    over, other = known(pk=4, schedule=Schedule(NOW - 9 * HOUR, NOW)), known(pk=5, choices=frozenset(("hub_deaf",)))

    def found(*silences: Known) -> int | None:
        quiet = quiet_of(silences, ANNA, "node_down", "operator", NOW, ZONE)
        return quiet.silence.pk if quiet else None

    assert found(short, long, over, other) == 2
    assert found(short, endless, long) == 3
    assert found(over, other) is None


def test_a_silence_holds_within_its_windows_only() -> None:
    nights = known(schedule=Schedule(NOW - 99 * HOUR, None, frozenset(range(7)), 2 * 60, 4 * 60))
    night = NOW.replace(hour=1)

    quiet = quiet_of([nights], FLEET, "hub_deaf", "operator", night, ZONE)
    assert quiet is not None
    assert quiet.window == Window(night, night + 2 * HOUR)
    assert quiet.words(ZONE) == "“House move” until 23 Nov 2026, 04:00"
    assert quiet_of([nights], FLEET, "hub_deaf", "operator", NOW, ZONE) is None


def test_a_silence_without_an_end_says_so() -> None:
    quiet = quiet_of([known(schedule=Schedule(NOW, None))], ANNA, "node_down", "operator", NOW, ZONE)

    assert quiet is not None
    assert quiet.words(ZONE) == "“House move” until somebody ends it"
