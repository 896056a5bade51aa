from datetime import UTC, datetime

import pytest

from felhom_hub.fleet.event_list import (
    Choice,
    View,
    choices_of,
    events_summary,
    more_of,
    view_of,
    without_rest,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CURSOR = (NOW, 71)


@pytest.mark.parametrize(
    ("written", "view"),
    [
        ({}, View()),
        ({"severity": "error"}, View("error")),
        ({"severity": "fatal"}, View()),
        ({"severity": "ERROR"}, View()),
        ({"events": "100"}, View(shown=100)),
        ({"events": "101"}, View(shown=150)),
        ({"events": "0"}, View()),
        ({"events": "999"}, View(shown=500)),
        ({"events": "9999"}, View()),
        ({"events": "-5"}, View()),
        ({"events": "²"}, View()),
        ({"before": "1795435200000.71"}, View(before=CURSOR)),
        ({"before": "1795435200000"}, View()),
        ({"before": "999999999999999.1"}, View()),
        ({"before": "1795435200000.9999999999999999"}, View()),
        ({"before": "x.y"}, View()),
    ],
)
def test_an_address_is_read_as_far_as_it_can_be(written: dict[str, str], view: View) -> None:
    assert view_of(written) == view


@pytest.mark.parametrize("view", [View(), View("info", 150), View("error", 50, CURSOR)])
def test_a_view_is_read_back_from_its_address(view: View) -> None:
    written = dict(pair.split("=") for pair in view.query.removeprefix("?").split("&") if pair)

    assert view_of(written) == view
    assert view.is_plain is (view.query == "")


def test_each_severity_is_a_link_with_its_count() -> None:
    assert choices_of(View("error", 100), {"info": 40, "warning": 9, "error": 1}) == [
        Choice("All", "50", "", "", False),
        Choice("Errors", "1", "down", "?severity=error", True),
        Choice("Warnings", "9", "warn", "?severity=warning", False),
        Choice("Info", "40", "info", "?severity=info", False),
    ]


def test_what_is_not_counted_to_its_end_says_so() -> None:
    labels = [f"{choice.word} {choice.count}" for choice in choices_of(View(), {"info": 993, "error": 7})]

    assert labels == ["All 1,000+", "Errors 7+", "Warnings 0+", "Info 993+"]


def test_fifty_more_are_added_until_older_ones_get_a_page_of_their_own() -> None:
    assert more_of(View("info"), CURSOR, has_more=True) == ("Show 50 more", "?severity=info&events=100")
    assert more_of(View(shown=500), CURSOR, has_more=True) == ("Older events", "?before=1795435200000.71")
    assert more_of(View(), CURSOR, has_more=False) is None


def test_one_more_than_is_shown_tells_that_there_are_more() -> None:
    assert without_rest(range(51), View()) == (range(50), True)
    assert without_rest(range(50), View()) == (range(50), False)


def test_the_sentence_tells_how_many_and_of_the_last_day() -> None:
    assert events_summary(View(), errors=0, warnings=0) == "newest 50, no error or warning in 24 h"
    assert events_summary(View(shown=100), errors=1, warnings=0) == "newest 100, 1 error and 0 warnings in 24 h"
    assert events_summary(View(before=CURSOR), errors=0, warnings=2) == "an older page, 0 errors and 2 warnings in 24 h"
