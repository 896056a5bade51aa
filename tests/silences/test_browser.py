"""The page of the silences, and acknowledging, in real Chromium."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.build import make_customer
from tests.notify.alarms import fall
from tests.servers.browser import NewPage, overflow, refresh, unsound
from tests.silences.silences import KATA, made

from felhom_hub.base.instants import utc_now
from felhom_hub.notify.models import Alarm
from felhom_hub.silences.models import Silence
from felhom_hub.silences.record import end_silence
from felhom_hub.silences.recurrence import Schedule

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)
HOSTILE = '<img src=x onerror="window.hit=1">{{7*7}}' + "W" * 70


def some_silences() -> None:
    now = utc_now()
    farkas, olah = make_customer("farkas-gabor", name="Farkas Gábor"), make_customer("olah-optika", name="Oláh Optika")
    make_customer("digi-1", tags="digi")
    made({farkas.pk: "farkas-gabor"}, why="House move", now=now, schedule=Schedule(now - HOUR, now + 99 * HOUR))
    made({olah.pk: "olah-optika"}, why="Loud drive, part is ordered", now=now, choices=("temperature_high",),
         is_for_customers=False, schedule=Schedule(now, None))  # fmt: skip
    made(tag="digi", why="Night maintenance, provider", now=now, choices=("group:node",),
         schedule=Schedule(now, None, frozenset((6,)), 120, 240))  # fmt: skip
    made(why=HOSTILE, now=now, schedule=Schedule(now + HOUR, now + 2 * HOUR))
    end_silence(made(why="Hub update", now=now, schedule=Schedule(now - HOUR, now + HOUR)), now=now, by=KATA)
    Silence.objects.filter(why="House move").update(held_back=7)


def test_the_page_can_be_used_by_everybody(page: Page) -> None:
    page.goto("/silences")
    expect(page.get_by_role("heading", name="Nothing is silent, and nothing is planned")).to_be_visible()
    assert unsound(page, "silences-empty") == []

    some_silences()
    page.goto("/silences")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 silences are active")
    expect(page.get_by_text("7 messages held back")).to_be_visible()
    for summary in page.locator("#new summary").all():
        summary.click()
    assert unsound(page, "silences") == []
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("scripts", [True, False])
def test_a_silence_is_changed_by_keyboard_and_without_scripts(new_page: NewPage, scripts: bool) -> None:
    number = made(now=utc_now(), schedule=Schedule(utc_now(), None))
    page = new_page(scripts=scripts)
    page.goto("/silences")
    page.get_by_role("link", name="Edit the silence House move").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Reason").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("New router")
    page.get_by_label("Until").first.focus()
    page.keyboard.type("never")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Not changed: 1 field needs a change")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("New router")
    expect(page.get_by_label("Until").first).to_have_value("never")
    if scripts:
        assert unsound(page, "silence-edit") == []
    page.get_by_label("Until").first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.locator(f"#s-{number}")).to_contain_text("New router")
    assert Silence.objects.get().why == "New router"


def test_a_refresh_counts_the_active_ones_at_the_tab(page: Page) -> None:
    page.goto("/events")
    tab = page.get_by_role("navigation", name="Events pages").get_by_role("link", name="Silences")
    expect(tab).to_have_accessible_name("Silences")
    number = made(now=utc_now(), schedule=Schedule(utc_now(), None))

    assert refresh(page) == 200
    expect(tab).to_have_accessible_name("Silences 1 active")
    end_silence(number, now=utc_now(), by=KATA)
    assert refresh(page) == 200
    expect(tab).to_have_accessible_name("Silences")


def test_nothing_typed_is_lost_where_something_is_missing(page: Page) -> None:
    page.goto("/silences")
    page.get_by_label("Reason").fill("Router firmware")
    page.get_by_label("Server silent, all types").check()
    page.get_by_label("Each week").check()
    page.get_by_label("Wed").check()
    page.get_by_label("From, each time").fill("late")
    page.get_by_role("button", name="Create silence").click()

    summary = page.locator("#summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(["Customers", "From, each time", "To, each time"])
    assert unsound(page, "silences-refused") == []
    summary.get_by_role("link", name="From, each time").click()
    expect(page.get_by_label("From, each time")).to_be_focused()
    expect(page.get_by_label("From, each time")).to_have_value("late")
    expect(page.get_by_label("Wed")).to_be_checked()
    assert not Silence.objects.exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_silence_is_looked_at_made_and_ended(new_page: NewPage, scripts: bool) -> None:
    make_customer("kiss-anna", name="Kiss Anna")
    page = new_page(scripts=scripts)
    page.goto("/customers/kiss-anna")
    page.get_by_role("link", name="Silence…").first.click()
    expect(page.get_by_label("Customers", exact=True)).to_have_value("kiss-anna")
    page.get_by_label("Reason").fill("House move")
    page.get_by_label("All types", exact=True).check()
    page.get_by_label("Each week").check()
    page.get_by_label("Sun", exact=True).check()
    page.get_by_label("From, each time").fill("01:30")
    page.get_by_label("To, each time").fill("03:30")
    page.get_by_role("button", name="Show its next windows").click()
    expect(page.locator("#windows li")).to_have_count(3)
    assert not Silence.objects.exists()

    page.get_by_role("button", name="Create silence").click()
    row = page.locator("#silences [data-row]")
    expect(row).to_contain_text("Kiss Anna, all types")
    expect(row).to_contain_text("Sundays 01:30 to 03:30")
    row.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Nothing is silent, and nothing is planned")).to_be_visible()
    expect(page.locator("#over")).to_contain_text("ended early by operator")


def test_what_is_typed_survives_the_refresh_of_the_list(page: Page) -> None:
    page.goto("/silences")
    page.get_by_label("Reason").fill("half a sen")
    some_silences()
    refresh(page)

    expect(page.locator("#silences [data-row]")).to_have_count(4)
    expect(page.get_by_label("Reason")).to_have_value("half a sen")


@pytest.mark.parametrize("width", [320, 768, 1024])
def test_no_width_scrolls_sideways(new_page: NewPage, width: int) -> None:
    some_silences()
    page = new_page(width=width)
    page.goto("/silences")

    assert overflow(page) == 0


def test_an_alarm_is_acknowledged_until_it_is_over(page: Page) -> None:
    fall(make_customer("kiss-anna", name="Kiss Anna"), utc_now() - HOUR)
    page.goto("/customers/kiss-anna")
    expect(page.get_by_role("heading", name="Open alarms")).to_be_visible()
    assert unsound(page, "customer-alarms") == []
    page.get_by_label("What are you doing about it?").fill("Called her, power is back at six")
    page.get_by_role("button", name="Acknowledge Node is silent").click()

    expect(page.locator("#alarms")).to_contain_text("Called her, power is back at six")
    assert unsound(page, "customer-acknowledged") == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Acknowledge Node is silent")).to_be_visible()
    assert Alarm.objects.get().acknowledged_at is None
