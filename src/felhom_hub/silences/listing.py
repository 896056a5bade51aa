"""Puts the lists of silences together: those that hold or come, those that are over, and what is silent right now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.base.words import count_words, number_words, span_words
from felhom_hub.customers.tags import tags_of
from felhom_hub.silences.choices import choice_words
from felhom_hub.silences.queries import (
    Listed,
    count_customers,
    ended_silences,
    listed_silences,
    schedules_at,
    tagged_customers,
)
from felhom_hub.silences.recurrence import Window, current_window, next_window
from felhom_hub.silences.words import audience_words, left_words, near_words, reach_words, schedule_words

MOST = 200  # silences; who has more has other troubles
LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """One silence that holds or comes; `until_at` is the end that it is sorted by."""

    pk: int
    why: str
    by: str
    made_at: datetime
    reach: str
    customers: tuple[tuple[str, str], ...]
    types: str
    audience: str
    when: str
    state: str
    is_active: bool
    repeats: bool
    held_back: int


@dataclass(frozen=True, slots=True)
class Over:
    """One silence that has ended."""

    pk: int
    why: str
    reach: str
    words: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Now:
    """What is silent at this moment; `servers` is in words, `longest` how long it still lasts and for whom."""

    active: int
    servers: str
    held_back: int
    longest: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All that the page prints of them; `is_cut` where more are there than are listed."""

    rows: list[Row]
    over: list[Over]
    now: Now
    is_cut: bool


def listing(now: datetime, zone: ZoneInfo) -> Listing:
    """The silences as the page lists them, soonest end first. At most six queries, however many there are."""
    listed = listed_silences(now, limit=MOST + 1)
    states = [(each, *_windows(each, now, zone)) for each in listed[:MOST]]
    present = [state for state in states if state[1] or state[2]]
    present.sort(key=lambda state: _order(*state))
    active = [(each, window) for each, window, _ in present if window]
    return Listing(
        rows=[_row(each, window, following, now, zone) for each, window, following in present],
        over=[_over(each, now) for each in ended_silences(now, since=now - LATELY, limit=MOST)],
        now=_now(active, now),
        is_cut=len(listed) > MOST,
    )


def count_active(now: datetime, zone: ZoneInfo) -> int:
    """How many hold; one query."""
    return sum(current_window(each, now, zone) is not None for each in schedules_at(now))


def _windows(each: Listed, now: datetime, zone: ZoneInfo) -> tuple[Window | None, Window | None]:
    schedule = each.known.schedule
    return current_window(schedule, now, zone), next_window(schedule, now, zone)


def _order(each: Listed, window: Window | None, following: Window | None) -> tuple[bool, bool, datetime, int]:
    """Those that hold first, soonest end first; then those that come, soonest begin first."""
    if window is not None:
        return False, window.until_at is None, window.until_at or window.from_at, each.known.pk
    assert following is not None
    return True, False, following.from_at, each.known.pk


def _row(each: Listed, window: Window | None, following: Window | None, now: datetime, zone: ZoneInfo) -> Row:
    known = each.known
    if window is not None:
        state = left_words(window, now)
    else:
        assert following is not None
        state = f"next {near_words(following.from_at, now, zone)}"
    return Row(
        pk=known.pk,
        why=known.why,
        by=known.made_by,
        made_at=each.made_at,
        reach=reach_of(each),
        customers=each.customers,
        types=choice_words(sorted(known.choices)),
        audience=audience_words(is_for_customers=known.is_for_customers),
        when=schedule_words(known.schedule, now, zone),
        state=state,
        is_active=window is not None,
        repeats=known.schedule.repeats,
        held_back=each.held_back,
    )


def reach_of(each: Listed) -> str:
    """Whom it is for, in words."""
    if not each.known.reaches_all and not each.known.tag and not each.customers:
        return "customers that have been deleted"
    return reach_words([name for _, name in each.customers], each.known.tag)


def _over(each: Listed, now: datetime) -> Over:
    schedule = each.known.schedule
    ended_at = each.ended_at or schedule.until_at or now
    lasted = "repeated" if schedule.repeats else span_words(max(ended_at - schedule.from_at, timedelta()))
    held = f"{count_words(each.held_back, 'message')} held back"
    early = f"ended early by {each.ended_by}" if each.ended_at else ""
    words = ", ".join(part for part in (reach_of(each), lasted, held, early) if part)
    return Over(each.known.pk, each.known.why, reach_of(each), words, ended_at)


def _now(active: Sequence[tuple[Listed, Window]], now: datetime) -> Now:
    if not active:
        return Now(0, "none", 0, "")
    longest, window = max(active, key=lambda pair: (pair[1].until_at is None, pair[1].until_at or now))
    lasts = span_words(window.until_at - now) if window.until_at else "until it is ended"
    return Now(
        active=len(active),
        servers=_servers([each for each, _ in active]),
        held_back=sum(each.held_back for each, _ in active),
        longest=f"{lasts}, {reach_of(longest)}",
    )


def _servers(active: Sequence[Listed]) -> str:
    total = count_customers()
    if any(each.known.reaches_all for each in active):
        return f"all {number_words(total)}"
    tags = {each.known.tag for each in active if each.known.tag}
    tagged = {pk for pk, written in tagged_customers() if tags & tags_of(written)} if tags else set()
    named = {pk for each in active for pk in each.known.customers}
    return f"{number_words(len(tagged | named))} of {number_words(total)}"
