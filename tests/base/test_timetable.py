from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from felhom_hub.base.timetable import Daily, Interval

BUDAPEST = ZoneInfo("Europe/Budapest")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
# In Budapest 02:00 to 03:00 does not exist on these days, and comes twice on those.
SPRING = (date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26), date(2029, 3, 25), date(2030, 3, 31))
AUTUMN = (date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29), date(2029, 10, 28), date(2030, 10, 27))

times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2025, 12, 31), datetime(2031, 1, 2)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BUDAPEST).astimezone(UTC)


def runs(at: time, begin: datetime, end: datetime, step: timedelta) -> list[datetime]:
    """When a hub that looks every `step` runs the job."""
    timetable = Daily(at, BUDAPEST)
    next_at, now, ran = timetable.first(begin), begin, []
    while now < end:
        if next_at <= now:
            ran.append(now)
            next_at = timetable.following(now)
        now += step
    return ran


def test_an_interval_is_due_at_once_and_then_after_its_span() -> None:
    assert Interval(HOUR).first(NOW) == NOW
    assert Interval(HOUR).following(NOW) == NOW + HOUR


@pytest.mark.parametrize(("before", "after"), [(2 * HOUR, HOUR), (HOUR / 2, HOUR / 2), (-HOUR, -HOUR)])
def test_a_shorter_interval_holds_at_once(before: timedelta, after: timedelta) -> None:
    assert Interval(HOUR).taken_over(NOW + before, NOW) == NOW + after


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2026-11-23T04:29:59.999", "2026-11-23T04:30"),
        ("2026-11-23T04:30", "2026-11-24T04:30"),
        ("2026-11-23T04:30:00.001", "2026-11-24T04:30"),
        ("2028-02-28T12:00", "2028-02-29T04:30"),
        ("2028-02-29T12:00", "2028-03-01T04:30"),
        ("2027-02-28T12:00", "2027-03-01T04:30"),
        ("2026-12-31T12:00", "2027-01-01T04:30"),
    ],
)
def test_a_daily_job_is_due_at_its_hour(now: str, following: str) -> None:
    assert Daily(time(4, 30), BUDAPEST).following(local(now)) == local(following)
    assert Daily(time(4, 30), BUDAPEST).first(local(now)) == local(following)


def test_what_was_due_when_the_hour_was_changed_stays_due_and_the_next_is_at_the_new_one() -> None:
    timetable = Daily(time(4, 30), BUDAPEST)

    assert timetable.taken_over(NOW - HOUR, NOW) == NOW - HOUR
    assert timetable.taken_over(NOW + HOUR, NOW) == local("2026-11-24T04:30")
    assert timetable.taken_over(NOW + 9 * DAY, NOW) == local("2026-11-24T04:30")


def test_timetables_are_told_apart_by_their_text() -> None:
    assert Interval(HOUR).text == "every 3600 s"
    assert Daily(time(4, 30), BUDAPEST).text == "daily 04:30 Europe/Budapest"


@pytest.mark.parametrize("day", SPRING)
def test_an_hour_that_does_not_exist_is_the_first_minute_after_the_gap(day: date) -> None:
    begin = local(f"{day - DAY}T12:00")

    ran = runs(time(2, 30), begin, begin + 2 * DAY, timedelta(minutes=1))

    assert ran == [local(f"{day}T03:00"), local(f"{day + DAY}T02:30")]


@pytest.mark.parametrize("day", AUTUMN)
def test_an_hour_that_comes_twice_is_its_first_coming(day: date) -> None:
    begin = local(f"{day - DAY}T12:00")

    ran = runs(time(2, 30), begin, begin + 2 * DAY, timedelta(minutes=1))

    assert ran == [datetime.combine(day, time(0, 30), UTC), local(f"{day + DAY}T02:30")]


@pytest.mark.parametrize("day", SPRING + AUTUMN)
@pytest.mark.parametrize("at", [time(4, 30), time(5, 0)])
def test_the_hours_of_the_hubs_own_jobs_are_there_once_when_the_clocks_change(day: date, at: time) -> None:
    begin = local(f"{day - DAY}T12:00")

    ran = runs(at, begin, begin + 2 * DAY, timedelta(minutes=1))

    assert ran == [datetime.combine(each, at, BUDAPEST).astimezone(UTC) for each in (day, day + DAY)]


@given(now=instants, at=times)
@example(now=datetime(2026, 10, 25, 1, 10, tzinfo=UTC), at=time(2, 30))  # 02:10, for the second time
@example(now=datetime(2026, 3, 29, 1, 0, tzinfo=UTC), at=time(2, 30))  # 03:00, the first minute after the gap
@example(now=datetime(2028, 2, 29, 23, 30, tzinfo=UTC), at=time(0, 30))
def test_the_next_run_is_ahead_and_no_day_is_left_out(now: datetime, at: time) -> None:
    timetable = Daily(at, BUDAPEST)

    following = timetable.following(now)
    after = timetable.following(following)

    assert now < following <= now + DAY + HOUR
    days = (after.astimezone(BUDAPEST).date() - following.astimezone(BUDAPEST).date()).days
    assert days == 1


@given(begin=instants, at=times, asleep=st.integers(1, 200))
def test_hours_that_were_slept_through_are_made_up_for_once(begin: datetime, at: time, asleep: int) -> None:
    timetable = Daily(at, BUDAPEST)
    awake = timetable.first(begin) + asleep * HOUR

    following = timetable.following(awake)

    assert awake < following <= awake + DAY + HOUR


def test_every_day_of_five_years_has_its_run() -> None:
    timetable, at = Daily(time(2, 30), BUDAPEST), local("2025-12-31T12:00")
    days: list[date] = []
    while len(days) < 365 * 5 + 1:
        at = timetable.following(at)
        days.append(at.astimezone(BUDAPEST).date())

    assert days == [date(2026, 1, 1) + number * DAY for number in range(365 * 5 + 1)]
    assert days[-1] == date(2030, 12, 31)
