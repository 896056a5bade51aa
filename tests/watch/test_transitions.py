from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.reports.status import Thresholds
from felhom_hub.watch.transitions import Known, Level, Step, level_of, message_of, next_step

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
LIMITS = Thresholds(stale=30 * MINUTE, down=60 * MINUTE)


def heard(ago: timedelta, level: Level = Level.HEARD, *, is_told: bool = True) -> Known:
    return Known(level, NOW - ago, is_told)


def step(known: Known | None, ago: timedelta, stopped: timedelta = timedelta(), *, is_blocked: bool = False) -> object:
    return next_step(known, last_heard_at=NOW - ago, stopped=stopped, now=NOW, thresholds=LIMITS, is_blocked=is_blocked)


@pytest.mark.parametrize(
    ("silence", "level"),
    [
        (timedelta(), Level.HEARD),
        (30 * MINUTE - SECOND, Level.HEARD),
        (30 * MINUTE, Level.STALE),
        (60 * MINUTE, Level.STALE),
        (60 * MINUTE + SECOND, Level.DOWN),
        (-MINUTE, Level.HEARD),
    ],
)
def test_levels_have_the_bounds_of_the_status_shown(silence: timedelta, level: Level) -> None:
    assert level_of(silence, LIMITS) is level


@pytest.mark.parametrize(
    ("known", "ago", "expected"),
    [
        (heard(29 * MINUTE), 29 * MINUTE, None),
        (heard(30 * MINUTE), 30 * MINUTE, Step(heard(30 * MINUTE, Level.STALE), "node_stale")),
        (heard(90 * MINUTE), 61 * MINUTE, Step(heard(61 * MINUTE, Level.DOWN), "node_down")),
        (heard(40 * MINUTE, Level.STALE), 40 * MINUTE, None),
        (heard(61 * MINUTE, Level.STALE), 61 * MINUTE, Step(heard(61 * MINUTE, Level.DOWN), "node_down")),
        (heard(40 * MINUTE, Level.STALE), MINUTE, Step(heard(MINUTE), "node_recovered")),
        (heard(99 * MINUTE, Level.DOWN), MINUTE, Step(heard(MINUTE), "node_recovered")),
        (heard(99 * MINUTE, Level.DOWN), 99 * MINUTE, None),
        # Heard, and silent again before anybody looked: first the recovery, the silence at the next look.
        (heard(200 * MINUTE, Level.DOWN), 40 * MINUTE, Step(heard(40 * MINUTE), "node_recovered")),
    ],
)
def test_a_step_is_taken_on_transitions_only(known: Known, ago: timedelta, expected: Step | None) -> None:
    assert step(known, ago) == expected


@pytest.mark.parametrize(("ago", "level"), [(1, Level.HEARD), (31, Level.STALE), (9000, Level.DOWN)])
def test_first_sight_takes_the_level_and_tells_nothing(ago: int, level: Level) -> None:
    assert step(None, ago * MINUTE) == Step(heard(ago * MINUTE, level, is_told=False))


def test_a_silence_that_was_not_told_ends_without_a_word() -> None:
    assert step(heard(99 * MINUTE, Level.DOWN, is_told=False), MINUTE) == Step(heard(MINUTE))


def test_a_silence_seen_first_as_stale_is_told_when_it_goes_down() -> None:
    known = heard(61 * MINUTE, Level.STALE, is_told=False)

    assert step(known, 61 * MINUTE) == Step(heard(61 * MINUTE, Level.DOWN), "node_down")


def test_a_stopped_clock_counts_no_silence() -> None:
    assert step(heard(70 * MINUTE), 70 * MINUTE, 41 * MINUTE) is None
    assert step(heard(70 * MINUTE), 70 * MINUTE, 40 * MINUTE) == Step(heard(70 * MINUTE, Level.STALE), "node_stale")


def test_only_a_report_ends_a_silence() -> None:
    assert step(heard(70 * MINUTE, Level.DOWN), 70 * MINUTE, 60 * MINUTE) is None


def test_a_blocked_node_is_skipped() -> None:
    assert step(heard(99 * MINUTE), 99 * MINUTE, is_blocked=True) is None


def test_severities_are_the_catalogues() -> None:
    assert Step(heard(MINUTE), "node_down").severity == "error"


def test_messages_say_for_how_long() -> None:
    times = {"last_heard_at": NOW - 31 * MINUTE, "before_at": NOW - 3 * 60 * MINUTE, "now": NOW}

    assert message_of("node_stale", **times) == "No report for 31 min."
    assert message_of("node_recovered", **times) == "Reports again after 2 h 29 min of silence."
