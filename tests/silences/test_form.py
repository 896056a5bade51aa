from datetime import UTC, datetime, timedelta

import pytest
from tests.build import NOW
from tests.silences.silences import ZONE, known

from felhom_hub.silences.change import as_changed
from felhom_hub.silences.choices import possible
from felhom_hub.silences.enter import Typed, read_change
from felhom_hub.silences.form import form_of, new_form, typed_of
from felhom_hub.silences.recurrence import Schedule, Window

HOUR = timedelta(hours=1)


def test_an_empty_form_begins_with_what_costs_least() -> None:
    form = new_form({}, ())

    assert (form.reach, form.types, form.repeats, form.is_for_customers) == ("customers", "some", "once", True)
    assert (form.problems, form.windows) == ([], [])
    assert not any(group.whole.is_ticked or group.is_open for group in form.groups)


def test_an_address_may_ask_for_customers_a_tag_and_types() -> None:
    form = new_form({"customers": "kiss-anna", "unasked": "x"}, ["group:node", "disk_critical"])
    assert (form.reach, form.fields["customers"].value) == ("customers", "kiss-anna")
    assert [group.whole.value for group in form.groups if group.whole.is_ticked] == ["group:node"]
    assert [group.whole.value for group in form.groups if group.is_open] == ["group:storage"]

    assert [new_form(asked, ()).reach for asked in ({"tag": "digi"}, {"reach": "all"})] == ["tag", "all"]


def test_every_type_that_can_be_silenced_can_be_ticked() -> None:
    ticks = [tick.value for group in new_form({}, ()).groups for tick in (group.whole, *group.types)]

    assert sorted(ticks) == sorted(possible())


def test_nothing_typed_is_lost_and_each_problem_leads_to_its_field() -> None:
    typed = Typed({"why": "", "window_from": "late", "reach": "all"}, ["node_down"], ["2"])
    form = form_of(typed, problems={"why": "Say why.", "window_from": "Write the time."})

    assert form.problems == [
        ("Reason", "f-why", "Say why."),
        ("From, each time", "f-window_from", "Write the time."),
    ]
    assert (form.fields["window_from"].value, form.fields["window_from"].problem) == ("late", "Write the time.")
    assert [day.label for day in form.weekdays if day.is_ticked] == ["Wed"]
    assert not form.is_for_customers


def test_next_windows_come_with_their_length() -> None:
    schedule, hour = Schedule(NOW, None, frozenset((0,)), 60, 120), timedelta(hours=1)
    windows = [Window(NOW + hour, NOW + 2 * hour), Window(NOW + 3 * hour, NOW + 5 * hour)]

    form = form_of(Typed({}), schedule=schedule, windows=windows)
    assert form.windows == [(windows[0], "1 h", False), (windows[1], "2 h, clocks go back", True)]


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(NOW - HOUR, None),
        Schedule(NOW + HOUR, NOW + 99 * HOUR),
        Schedule(NOW + HOUR, datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),  # the second 02:30 of that night
        Schedule(NOW - HOUR, None, frozenset((0, 6)), 1380, 120),
        Schedule(NOW - HOUR, datetime(2027, 6, 30, 22, tzinfo=UTC), frozenset((2,)), 0, 1440),
    ],
)
@pytest.mark.parametrize("choices", [frozenset(), frozenset(("group:node", "backup_failed"))])
def test_a_silence_that_is_saved_as_it_stands_in_its_form_stays_what_it_is(
    schedule: Schedule, choices: frozenset[str]
) -> None:
    silence = known(schedule=schedule, choices=choices, is_for_customers=not choices)

    read = read_change(typed_of(silence, ZONE), schedule, now=NOW, zone=ZONE)

    assert (read.changed, read.problems) == (as_changed(silence), {})
