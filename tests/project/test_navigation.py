import pytest
from django.test import RequestFactory

from felhom_hub.fleet.badges import navigation_badges
from felhom_hub.project.navigation import ENTRIES, Entry, Tab, navigation


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", True),
        ("/customers/kiss", True),
        ("/customers/kiss/block", True),
        ("/customers/a\nb", True),
        ("/customers", False),
        ("/login", False),
    ],
)
def test_the_fleet_owns_the_overview_and_the_customers_pages(path: str, current: bool) -> None:
    assert navigation(RequestFactory().get(path))["navigation"][0] == (ENTRIES[0], current)


def test_an_entry_without_pages_below_is_current_on_its_own_path_alone() -> None:
    events = Entry("Events", "/events", "bell", "e")
    assert [events.fit(path) > 0 for path in ("/events", "/events/7", "/")] == [True, False, False]


@pytest.mark.parametrize("path", ["/configs", "/configs/new", "/configs/kiss/edit", "/customers/kiss/delete"])
def test_what_changes_who_is_a_customer_belongs_to_the_customers(path: str) -> None:
    shown = navigation(RequestFactory().get(path))

    assert [entry.label for entry, is_current in shown["navigation"] if is_current] == ["Customers"]
    assert shown["tabs"] == []  # one page needs no row of tabs


@pytest.mark.parametrize("path", ["/events", "/incidents/7", "/why/48213"])
def test_what_happened_belongs_to_the_events(path: str) -> None:
    shown = navigation(RequestFactory().get(path))

    assert [entry.label for entry, is_current in shown["navigation"] if is_current] == ["Events"]
    assert [tab.label for tab, is_current in shown["tabs"] if is_current] == ["Events"]


def test_no_two_entries_share_a_key_or_a_path() -> None:
    assert len({entry.key for entry in ENTRIES}) == len({entry.path for entry in ENTRIES}) == len(ENTRIES)


def test_the_pages_of_an_entry_are_its_tabs(monkeypatch: pytest.MonkeyPatch) -> None:
    hub, audit = Tab("Hub", "/hub"), Tab("Audit", "/audit", owns=("/audit/",))
    entry = Entry("Settings", "/hub", "cog", "s", tabs=(hub, audit))
    monkeypatch.setattr("felhom_hub.project.navigation.ENTRIES", (entry,))

    assert navigation(RequestFactory().get("/audit/7")) == {
        "navigation": [(entry, True)],
        "badges": navigation_badges,
        "tab_badge": None,
        "tabs_label": "Settings",
        "tabs": [(hub, False), (audit, True)],
    }
    assert navigation(RequestFactory().get("/"))["tabs"] == []


@pytest.mark.parametrize(
    ("path", "entry", "tab"),
    [
        ("/configuration", "Settings", "Hub"),
        ("/configuration/sign-out", "Settings", "Hub"),
        ("/audit", "Settings", "Audit"),
        ("/setup", "Settings", "First steps"),
        ("/notifications", "Events", "Notifications"),
        ("/mail-preview/customer/node_down", "Events", "Mail texts"),
    ],
)
def test_settings_and_events_have_their_tabs(path: str, entry: str, tab: str) -> None:
    shown = navigation(RequestFactory().get(path))

    assert [each.label for each, is_current in shown["navigation"] if is_current] == [entry]
    assert [each.label for each, is_current in shown["tabs"] if is_current] == [tab]
