from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.silences.silences import ZONE

from felhom_hub.silences.change import Changed
from felhom_hub.silences.enter import (
    MAX_WHY,
    MOST_CUSTOMERS,
    Read,
    ReadChange,
    Typed,
    read_change,
    read_silence,
)
from felhom_hub.silences.record import Entered
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
TWICE_LAST = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
MANY = ",".join(map(str, range(MOST_CUSTOMERS + 1)))
TOO_MANY = f"These are more than {MOST_CUSTOMERS}: give them a tag, and silence the tag."
TWO_OF_THEM = "More than one customer is called “Kiss Anna”: write the id."
NO_TAG = "No customer has the tag “dig”. Tags are entered in a customer’s form."
ALL = {"why": "House move", "reach": "all", "types": "all", "repeats": "once", "for_customers": "yes"}
WEEKLY = {**ALL, "repeats": "weekly", "window_from": "1:30", "window_to": "03:30"}


def read(texts: dict[str, str], event_types: Any = (), weekdays: Any = ("2", "6")) -> Read:
    return read_silence(Typed(texts, event_types, weekdays), now=NOW, zone=ZONE)


def schedule_of(**texts: str) -> Schedule:
    found = read({**ALL, **texts})
    assert found.problems == {}
    assert found.entered is not None
    return found.entered.schedule


def problems(event_types: Any = (), weekdays: Any = ("2",), **texts: str) -> dict[str, str]:
    found = read({**ALL, **texts}, event_types, weekdays)
    assert (found.entered is None) == bool(found.problems)
    return dict(found.problems)


def test_the_least_that_can_be_entered_is_for_all_from_now_on() -> None:
    assert read(ALL).entered == Entered("House move", {}, "", (), is_for_customers=True, schedule=Schedule(NOW, None))


@pytest.mark.parametrize(
    ("begin", "end", "from_at", "until_at"),
    [
        ("", "16:00", NOW, datetime(2026, 11, 23, 15, tzinfo=UTC)),
        ("14:00", "2026-11-24 9:30", datetime(2026, 11, 23, 13, tzinfo=UTC), datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("2026-11-20 08:00", "", NOW, None),  # what has passed changes nothing any more
        ("2026-12-01T08:00", "", datetime(2026, 12, 1, 7, tzinfo=UTC), None),
        ("23:00", "24:00", datetime(2026, 11, 23, 22, tzinfo=UTC), datetime(2026, 11, 23, 23, tzinfo=UTC)),
        # The hour that is left out, and the one that comes twice.
        ("2027-03-28 02:30", "2027-10-31 02:30", datetime(2027, 3, 28, 1, tzinfo=UTC), TWICE_LAST),
    ],
)  # fmt: skip
def test_times_are_those_of_the_hubs_zone(begin: str, end: str, from_at: datetime, until_at: datetime | None) -> None:
    assert schedule_of(**{"from": begin, "until": end}) == Schedule(from_at, until_at)


def test_a_weekly_silence() -> None:
    (entered,) = [read({**WEEKLY, "last_day": "2027-06-30"}).entered]

    assert entered is not None
    assert entered.schedule == Schedule(NOW, datetime(2027, 6, 30, 22, tzinfo=UTC), frozenset((2, 6)), 90, 210)


def test_customers_by_id_and_by_name() -> None:
    anna, ede = make_customer("kiss-anna", name="Kiss Anna"), make_customer("ede")

    found = read({**ALL, "reach": "customers", "customers": " Kiss Anna,ede\nkiss-anna ,, "})
    assert found.entered is not None
    assert found.entered.customers == {anna.pk: "kiss-anna", ede.pk: "ede"}
    assert found.entered.tag == ""


def test_a_tag_is_read_as_it_is_stored() -> None:
    make_customer("a", tags="flat roof, digi")

    found = read({**ALL, "reach": "tag", "tag": " Flat  Roof "})
    assert found.entered is not None
    assert (found.entered.tag, found.entered.customers) == ("flat roof", {})


def test_types_are_those_that_were_chosen_and_that_there_are() -> None:
    found = read(
        {**ALL, "types": "some", "for_customers": ""}, ["group:node", "backup_failed", "node_down<", "backup_failed"]
    )

    assert found.entered is not None
    assert found.entered.choices == ("group:node", "backup_failed")
    assert not found.entered.is_for_customers


@pytest.mark.parametrize(
    ("texts", "field", "sentence"),
    [
        ({"why": "  "}, "why", "Say why: everybody who misses a message reads it."),
        ({"why": "x" * (MAX_WHY + 1)}, "why", f"This must be one line of at most {MAX_WHY} printable characters."),
        ({"why": "a\u202eb"}, "why", f"This must be one line of at most {MAX_WHY} printable characters."),
        ({"reach": ""}, "reach", "Choose for which servers it is."),
        ({"reach": "customers"}, "customers", "Name at least one customer, by its id or its name."),
        ({"reach": "customers", "customers": "nobody"}, "customers", "There is no customer “nobody”."),
        ({"reach": "customers", "customers": "a\x00b"}, "customers", "There is no customer “a\x00b”."),
        ({"reach": "customers", "customers": "Kiss Anna"}, "customers", TWO_OF_THEM),
        ({"reach": "customers", "customers": MANY}, "customers", TOO_MANY),
        ({"reach": "tag"}, "tag", "Name the tag."),
        ({"reach": "tag", "tag": "<b>"}, "tag", "Name the tag."),
        ({"reach": "tag", "tag": "dig"}, "tag", NO_TAG),
        ({"types": "some"}, "event_types", "Choose at least one type of event, or all of them."),
        ({"repeats": "sometimes"}, "repeats", "Choose whether it comes once or again each week."),
        ({"from": "noon"}, "from", "Write the time as 2026-11-23 16:00, or 16:00 for today."),
        ({"from": "2026-02-30 12:00"}, "from", "Write the time as 2026-11-23 16:00, or 16:00 for today."),
        ({"from": "9999-12-31 23:00"}, "from", "Write the time as 2026-11-23 16:00, or 16:00 for today."),
        ({"from": "0001-01-01 00:00"}, "from", "Write the time as 2026-11-23 16:00, or 16:00 for today."),
        ({"until": "25:00"}, "until", "Write the time as 2026-11-23 16:00, or 16:00 for today."),
        ({"until": "16:60"}, "until", "Write the time as 2026-11-23 16:00, or 16:00 for today."),
        ({"until": "13:00"}, "until", "This has passed already."),
        ({"from": "15:00", "until": "14:30"}, "until", "The end must be later than the begin."),
        ({"from": "15:00", "until": "15:00"}, "until", "The end must be later than the begin."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_of_its_field(texts: dict[str, str], field: str, sentence: str) -> None:
    for name in ("one", "two"):
        make_customer(name, name="Kiss Anna", tags="digi")

    assert problems(**texts) == {field: sentence}


@pytest.mark.parametrize(
    ("texts", "weekdays", "field", "sentence"),
    [
        ({}, ["7", "x", ""], "weekdays", "Choose at least one day."),
        ({"window_from": ""}, ["0"], "window_from", "Write the time as 02:00."),
        ({"window_from": "24:00"}, ["0"], "window_from", "Write the time as 02:00."),
        ({"window_to": "late"}, ["0"], "window_to", "Write the time as 04:00; 24:00 is the end of the day."),
        ({"window_to": "01:30"}, ["0"], "window_to", "Begin and end are the same; 00:00 to 24:00 is the whole day."),
        ({"last_day": "30.6.2027"}, ["0"], "last_day", "Write the day as 2026-06-30: year, month, day."),
        ({"last_day": "20270630"}, ["0"], "last_day", "Write the day as 2026-06-30: year, month, day."),
        ({"last_day": "2026-11-22"}, ["0"], "last_day", "No window comes until then."),
        ({"last_day": "2026-11-24"}, ["2"], "last_day", "No window comes until then."),
    ],
)
def test_what_cannot_be_of_a_weekly_one(texts: dict[str, str], weekdays: list[str], field: str, sentence: str) -> None:
    assert problems(weekdays=weekdays, **{**WEEKLY, **texts}) == {field: sentence}


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = read_silence(Typed({}), now=NOW, zone=ZONE)

    assert found.entered is None
    assert set(found.problems) == {"why", "reach", "event_types", "repeats"}


def changed(before: Schedule, weekdays: Any = ("2", "6"), **texts: str) -> ReadChange:
    return read_change(Typed({**ALL, **texts}, (), weekdays), before, now=NOW, zone=ZONE)


@pytest.mark.parametrize(
    ("before", "texts", "schedule"),
    [
        (Schedule(NOW - HOUR, None), {"from": "2026-11-23 12:00"}, Schedule(NOW - HOUR, None)),
        (Schedule(NOW - HOUR, None), {"until": "15:00"}, Schedule(NOW - HOUR, NOW + 2 * HOUR)),
        (Schedule(NOW - HOUR, None), {"from": "14:00"}, Schedule(NOW + HOUR, None)),
        (Schedule(NOW + HOUR, None), {"from": "14:00"}, Schedule(NOW + HOUR, None)),
        (Schedule(NOW + HOUR, None), {}, Schedule(NOW, None)),
        (
            Schedule(NOW - HOUR, None, frozenset((1,)), 60, 120),
            {"repeats": "weekly", "window_from": "01:30", "window_to": "03:30"},
            Schedule(NOW - HOUR, None, frozenset((2, 6)), 90, 210),
        ),
        (
            Schedule(NOW - HOUR, None),
            {"repeats": "weekly", "window_from": "01:30", "window_to": "03:30"},
            Schedule(NOW, None, frozenset((2, 6)), 90, 210),
        ),
    ],
)
def test_what_has_begun_keeps_its_begin_when_it_is_changed(
    before: Schedule, texts: dict[str, str], schedule: Schedule
) -> None:
    read = changed(before, **texts)

    assert read == ReadChange(Changed("House move", frozenset(), is_for_customers=True, schedule=schedule), {})


def test_a_change_obeys_the_rules_of_a_new_one_and_asks_for_no_server() -> None:
    read = changed(Schedule(NOW, None), why=" ", types="some", until="11:00", reach="")

    assert read == ReadChange(
        None,
        {
            "why": "Say why: everybody who misses a message reads it.",
            "event_types": "Choose at least one type of event, or all of them.",
            "until": "This has passed already.",
        },
    )
