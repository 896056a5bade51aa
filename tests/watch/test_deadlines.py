from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.watch.deadlines import (
    AT,
    KINDS,
    Known,
    Verdict,
    day_of_deadline,
    hears_since,
    in_hub_time,
    instant_of,
    number_of,
    verdict_of,
)
from felhom_hub.watch.deaf_time import Span

BUDAPEST = ZoneInfo("Europe/Budapest")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 05:00 in Budapest
MIDNIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
LONG_AGO = MIDNIGHT - 100 * DAY
CHANGES = (
    date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26),
    date(2028, 10, 29), date(2029, 3, 25), date(2029, 10, 28), date(2030, 3, 31), date(2030, 10, 27),
)  # fmt: skip
LEAP = date(2028, 2, 29)


def known(
    told: timedelta | None = None,
    ran: timedelta | None = None,
    *,
    ok: bool | None = True,
    made: timedelta = -HOUR,
    joined: datetime = LONG_AGO,
) -> Known:
    """What is known at NOW; times are given as seen from there."""
    told_at = None if told is None else NOW + told
    return Known(joined, told_at, NOW + made, None if ran is None else NOW + ran, ok)


def verdict(what: Known, *deaf: Span) -> Verdict:
    return verdict_of(what, midnight=MIDNIGHT, now=NOW, deaf=deaf)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (known(told=-HOUR), Verdict.DONE),
        (known(told=-5 * HOUR), Verdict.DONE),  # at midnight itself
        (known(told=-5 * HOUR - timedelta(milliseconds=1)), Verdict.MISSED),
        (known(told=-13 * DAY), Verdict.MISSED),
        (known(ran=-2 * HOUR), Verdict.DONE),
        (known(ran=-2 * HOUR, ok=None), Verdict.DONE),
        (known(ran=-2 * HOUR, ok=False), Verdict.MISSED),
        (known(ran=-40 * DAY), Verdict.MISSED),
        (known(told=-30 * HOUR, ran=-2 * HOUR), Verdict.DONE),
        (known(told=-2 * HOUR, ran=-30 * HOUR), Verdict.DONE),
        (known(told=-2 * HOUR, ran=-HOUR, ok=False), Verdict.DONE),
        (known(), Verdict.NOT_EXPECTED),
        (known(told=-30 * HOUR, joined=MIDNIGHT), Verdict.NOT_EXPECTED),
        (known(ran=-30 * HOUR, joined=NOW - HOUR), Verdict.NOT_EXPECTED),
        (known(ran=-30 * HOUR, joined=MIDNIGHT - HOUR), Verdict.MISSED),
    ],
)
def test_a_backup_is_missed_where_it_was_expected_and_nobody_said_that_it_was_done(
    what: Known, expected: Verdict
) -> None:
    assert verdict(what) is expected


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (known(told=-30 * HOUR), Verdict.UNKNOWN),  # its word may have been lost
        (known(told=-HOUR), Verdict.DONE),
        (known(ran=-30 * HOUR, made=-4 * HOUR), Verdict.UNKNOWN),  # what it has done since is not known
        (known(ran=-30 * HOUR, made=-2 * HOUR), Verdict.UNKNOWN),
        (known(ran=-30 * HOUR, made=-1.9 * HOUR), Verdict.MISSED),  # it says so itself, after the deaf time
        (known(told=-30 * HOUR, made=-HOUR), Verdict.UNKNOWN),  # it reports, but nothing of backups
        (known(joined=NOW - HOUR, told=-30 * HOUR), Verdict.NOT_EXPECTED),
    ],
)
def test_what_may_have_been_said_while_the_hub_was_deaf_is_unknown(what: Known, expected: Verdict) -> None:
    assert verdict(what, Span(NOW - 3 * HOUR, NOW - 2 * HOUR)) is expected


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (known(told=-30 * HOUR), Verdict.SILENT),
        (known(ran=-30 * HOUR), Verdict.SILENT),
        (known(told=-HOUR), Verdict.DONE),
        (known(), Verdict.NOT_EXPECTED),
    ],
)
@pytest.mark.parametrize("deaf", [(), (Span(NOW - 3 * HOUR, NOW - 2 * HOUR),)])
def test_a_box_that_is_silent_has_missed_nothing_of_its_own(
    what: Known, expected: Verdict, deaf: tuple[Span, ...]
) -> None:
    assert verdict(replace(what, is_silent=True), *deaf) is expected


def test_days_are_stored_as_numbers() -> None:
    assert [number_of(date(1970, 1, 1)), number_of(LEAP + DAY) - number_of(LEAP)] == [0, 1]


@pytest.mark.parametrize("span", [Span(MIDNIGHT - HOUR, MIDNIGHT), Span(NOW, NOW + HOUR)])
def test_deaf_time_before_midnight_or_after_the_look_excuses_nobody(span: Span) -> None:
    assert verdict(known(told=-30 * HOUR), span) is Verdict.MISSED


def test_the_kinds_are_told_by_events_of_the_catalogue() -> None:
    assert [kind.event_type for kind in KINDS] == ["expected_backup_missed", "expected_dbdump_missed"]
    assert {CATALOGUE[kind.event_type].default_severity for kind in KINDS} == {"warning"}
    assert KINDS[0].outcomes.done == {"backup_completed", "backup_success", "backup_ok"}
    assert KINDS[1].outcomes.done == {"db_dump_completed", "dbdump_completed", "dbdump_success", "db_dump_ok"}


@pytest.mark.parametrize(
    ("at", "skew_seconds", "expected"),
    [
        (NOW - HOUR, None, NOW - HOUR),
        (NOW - HOUR, 0.0, NOW - HOUR),
        (NOW - HOUR, -3600.0, NOW - HOUR),  # the report was under way for an hour
        (NOW + HOUR, 7200.0, NOW - HOUR),  # its clock is two hours ahead
        (NOW - 50 * DAY, -50 * 86400.0, NOW),  # and its clock fifty days behind
        (datetime(1, 1, 1, tzinfo=UTC), 0.0, None),
        (datetime(1970, 1, 1, tzinfo=UTC), 0.0, None),
        (datetime(1, 1, 1, tzinfo=UTC), 60.0, None),
        (datetime(9999, 12, 31, tzinfo=UTC), -1e9, None),
        (None, 0.0, None),
    ],
)
def test_a_wrong_clock_moves_no_backup_to_another_day(
    at: datetime | None, skew_seconds: float | None, expected: datetime | None
) -> None:
    assert in_hub_time(at, skew_seconds=skew_seconds, now=NOW) == expected


@pytest.mark.parametrize(
    ("ago", "span", "hears"),
    [
        (5, 60, 10),
        (14, 60, 1),
        (14.5, 60, 0.5),
        (15, 60, None),
        (0, 1, 15),
        (5, 0.5, None),  # as with an upgrade
    ],
)
def test_after_deaf_time_one_reporting_period_is_waited_for(ago: float, span: float, hears: float | None) -> None:
    minute = timedelta(minutes=1)
    deaf = [Span(NOW - (ago + span) * minute, NOW - ago * minute)]

    expected = None if hears is None else NOW + hears * minute
    assert hears_since(deaf, now=NOW, period=15 * minute) == expected
    assert hears_since([], now=NOW, period=15 * minute) is None


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-23T05:00", date(2026, 11, 23)),
        ("2026-11-23T04:59:59", date(2026, 11, 22)),
        ("2026-11-23T23:59", date(2026, 11, 23)),
        ("2028-02-29T05:00", LEAP),
        ("2028-03-01T00:30", LEAP),
        ("2027-03-01T00:30", date(2027, 2, 28)),
    ],
)
def test_the_day_is_the_one_whose_deadline_was_last(now: str, day: date) -> None:
    assert day_of_deadline(datetime.fromisoformat(now).replace(tzinfo=BUDAPEST), BUDAPEST) == day


@pytest.mark.parametrize("day", CHANGES)
def test_on_days_on_which_the_clocks_change_the_window_is_an_hour_shorter_or_longer(day: date) -> None:
    window = instant_of(day, AT, BUDAPEST) - instant_of(day, time(), BUDAPEST)

    assert window == (4 * HOUR if day.month == 3 else 6 * HOUR)
    assert day_of_deadline(instant_of(day, AT, BUDAPEST), BUDAPEST) == day


days = st.dates(date(2026, 1, 1), date(2030, 12, 31)) | st.sampled_from((*CHANGES, LEAP))
minutes = st.integers(-3 * 1440, 1440 - 1)


@given(day=days, told=minutes, ran=minutes, asleep=st.integers(0, 18 * 60))
@example(day=date(2026, 3, 29), told=239, ran=-1, asleep=0)
@example(day=date(2026, 10, 25), told=359, ran=-1, asleep=0)
@example(day=LEAP, told=0, ran=-1440, asleep=0)
def test_whoever_spoke_since_local_midnight_is_done_and_whoever_did_not_is_missed(
    day: date, told: int, ran: int, asleep: int
) -> None:
    midnight = instant_of(day, time(), BUDAPEST)
    now = instant_of(day, AT, BUDAPEST) + timedelta(minutes=asleep)
    told_at, ran_at = (midnight + timedelta(minutes=each) for each in (told, ran))
    told_at, ran_at = min(told_at, now), min(ran_at, now)
    what = Known(midnight - DAY, told_at, now, ran_at, ran_ok=True)

    has_spoken = any(at.astimezone(BUDAPEST).date() == day for at in (told_at, ran_at))
    expected = Verdict.DONE if has_spoken else Verdict.MISSED
    assert day_of_deadline(now, BUDAPEST) == day
    assert verdict_of(what, midnight=midnight, now=now, deaf=()) is expected


@given(day=days, joined=minutes, told=minutes)
def test_nobody_who_joined_today_is_ever_blamed(day: date, joined: int, told: int) -> None:
    midnight, now = instant_of(day, time(), BUDAPEST), instant_of(day, AT, BUDAPEST)
    joined_at, told_at = midnight + timedelta(minutes=joined), midnight + timedelta(minutes=told)

    found = verdict_of(Known(joined_at, told_at, now, None, None), midnight=midnight, now=now, deaf=())

    is_new = joined_at.astimezone(BUDAPEST).date() >= day
    assert (found is Verdict.NOT_EXPECTED) == is_new


@given(day=days, begin=minutes, length=st.integers(1, 3000), made=minutes)
def test_deaf_time_in_the_window_turns_missed_into_unknown_and_nothing_else(
    day: date, begin: int, length: int, made: int
) -> None:
    midnight, now = instant_of(day, time(), BUDAPEST), instant_of(day, AT, BUDAPEST)
    deaf = Span(midnight + timedelta(minutes=begin), midnight + timedelta(minutes=begin + length))
    made_at = min(midnight + timedelta(minutes=made), now)
    overlaps = deaf.from_at < now and deaf.to_at > midnight

    told = verdict_of(
        Known(midnight - DAY, midnight - HOUR, made_at, None, None), midnight=midnight, now=now, deaf=[deaf]
    )
    said = Known(midnight - DAY, None, made_at, midnight - HOUR, ran_ok=True)
    by_report = verdict_of(said, midnight=midnight, now=now, deaf=[deaf])
    done = verdict_of(Known(midnight - DAY, now, made_at, None, None), midnight=midnight, now=now, deaf=[deaf])

    assert told is (Verdict.UNKNOWN if overlaps else Verdict.MISSED)
    assert by_report is (Verdict.UNKNOWN if overlaps and made_at <= min(deaf.to_at, now) else Verdict.MISSED)
    assert done is Verdict.DONE
