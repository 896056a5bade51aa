from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from tests.build import NOW

from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.events.fleet_events import Wanted
from felhom_hub.fleet.event_list import choices_of, more_of
from felhom_hub.fleet.events_view import EventsView, events_view, options_of, periods_of, wanted_of

CURSOR = (NOW, 71)
FULL = EventsView("error", 100, CURSOR, text="győr", kind="backup", period="7d")


@pytest.mark.parametrize(
    ("written", "view"),
    [
        ({}, EventsView()),
        ({"q": "  Győr\n", "severity": "error", "period": "7d"}, EventsView("error", text="Győr", period="7d")),
        ({"type": "backup_failed"}, EventsView(kind="backup_failed")),
        ({"type": "backup"}, EventsView(kind="backup")),
        ({"type": "uncatalogued"}, EventsView(kind="uncatalogued")),
        ({"type": "ups_on_battery"}, EventsView(kind="ups_on_battery")),
        ({"type": "<b>"}, EventsView()),
        ({"type": "A"}, EventsView()),
        ({"period": "all", "severity": "fatal"}, EventsView()),
        ({"q": "x" * 900}, EventsView(text="x" * 100)),
        ({"events": "100", "before": "1795435200000.71"}, EventsView(shown=100, before=CURSOR)),
    ],
)
def test_an_address_is_read_as_far_as_it_can_be(written: dict[str, str], view: EventsView) -> None:
    assert events_view(written) == view


@pytest.mark.parametrize("view", [EventsView(), FULL, EventsView(kind="uncatalogued", period="90d")])
def test_a_view_is_read_back_from_its_address(view: EventsView) -> None:
    assert events_view(dict(parse_qsl(view.query.removeprefix("?")))) == view


def test_every_link_keeps_what_the_others_have_said_and_begins_with_the_newest() -> None:
    rest = "?q=gy%C5%91r&type=backup&period=7d"

    assert [choice.query for choice in choices_of(FULL, {"error": 1})] == [
        rest, f"{rest}&severity=error", f"{rest}&severity=warning", f"{rest}&severity=info",
    ]  # fmt: skip
    assert [(each.label, each.is_chosen) for each in periods_of(FULL)] == [
        ("24 h", False), ("7 d", True), ("90 d", False),
    ]  # fmt: skip
    assert periods_of(FULL)[0].value == "/events?q=gy%C5%91r&type=backup&severity=error"
    assert more_of(FULL, CURSOR, has_more=True) == (
        "Show 50 more",
        "?q=gy%C5%91r&type=backup&period=7d&severity=error&events=150&before=1795435200000.71",
    )
    assert FULL.path == f"/events{FULL.query}"


@pytest.mark.parametrize(
    ("view", "narrowed"),
    [
        (EventsView(), False),
        (EventsView(period="90d", before=CURSOR), False),
        (EventsView(text="a"), True),
        (EventsView("info"), True),
        (EventsView(kind="node"), True),
    ],
)
def test_a_period_alone_narrows_nothing(view: EventsView, narrowed: bool) -> None:
    assert view.is_narrowed is narrowed


def test_a_view_says_which_events_are_wanted() -> None:
    node = ("node_stale", "node_down", "node_recovered", "node_unsteady", "node_steady")
    day, named = NOW - timedelta(hours=24), ([1], ["test"])

    assert wanted_of(EventsView("error", kind="node"), named, now=NOW) == Wanted(day, "error", node, named)
    others = ["ups_on_battery"]
    assert wanted_of(EventsView(kind="uncatalogued"), None, uncatalogued=others, now=NOW) == Wanted(day, types=others)
    assert wanted_of(EventsView(kind="my_own"), None, now=NOW).types == ("my_own",)
    assert wanted_of(EventsView(kind="test"), None, now=NOW).types == ("test",)
    assert wanted_of(EventsView(period="90d"), None, now=NOW) == Wanted(NOW - timedelta(days=90))


def test_every_type_can_be_chosen_once() -> None:
    values = [option.value for _, options in options_of(EventsView()) for option in options]

    assert len(values) == len(set(values))
    assert set(CATALOGUE) <= set(values)
    assert not any(option.is_chosen for _, options in options_of(EventsView()) for option in options)


@pytest.mark.parametrize("kind", ["backup", "backup_failed", "uncatalogued", "my_own", "test"])
def test_what_is_chosen_is_in_the_list(kind: str) -> None:
    chosen = [each.value for _, options in options_of(EventsView(kind=kind)) for each in options if each.is_chosen]

    assert chosen == [kind]
