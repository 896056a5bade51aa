"""What is newer, in real Chromium: overview, customers' list, customer page, settings and the template's page."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from tests.build import incoming, record
from tests.servers.browser import NewPage, unsound

from felhom_hub.base.instants import utc_now
from felhom_hub.configs.template import built_in, note_fetched
from felhom_hub.configs.template_change import try_waiting
from felhom_hub.configs.template_fetch import Fetched, Marks
from felhom_hub.controllers.releases import note_tags
from felhom_hub.customers.details import Details
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE

pytestmark = pytest.mark.browser

URL = "https://git.example.org/felhom/controller/raw/branch/main/controller.yaml.example"


def a_fleet() -> None:
    """One server that is behind, one that is not, and what the registry has."""
    now = utc_now()
    at = now - timedelta(minutes=2)
    record([incoming("kiss-foto", received_at=at, customer_name="Kiss Fotóstúdió", controller_version="v0.30.1")])
    record([incoming("papp", received_at=at, customer_name="Papp Borászat", controller_version="v0.31.0")])
    note_tags(["v0.31.0", "v0.32.0-rc.1", "latest"], now=now)


def test_who_is_behind_is_seen_everywhere_and_filtered(page: Page) -> None:
    a_fleet()
    page.goto("/")
    expect(page.locator("#c-kiss-foto .c-ver")).to_contain_text("v0.31.0 is out")
    assert unsound(page, "updates") == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="Update available").click()
    page.wait_for_url(lambda url: url.endswith("/?show=update"))
    expect(page.locator("#c-kiss-foto")).to_have_count(1)
    expect(page.locator("#c-papp")).to_have_count(0)

    page.goto("/configs")
    expect(page.locator("#r-kiss-foto")).to_contain_text("v0.31.0 is out")
    expect(page.locator("#r-papp")).not_to_contain_text("is out")
    assert unsound(page, "updates-customers") == []

    page.goto("/customers/kiss-foto")
    expect(page.locator(".idline")).to_contain_text("Controller v0.30.1, v0.31.0 is out")
    assert unsound(page, "updates-customer") == []

    page.goto("/configuration")
    expect(page.locator("#controllers")).to_contain_text("v0.31.0, 1 server behind")
    assert unsound(page, "updates-configuration") == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_trial_of_a_template_is_read_and_another_is_asked_for(
    new_page: NewPage, settings: Settings, scripts: bool
) -> None:
    settings.HUB = replace(settings.HUB, registry=replace(settings.HUB.registry, template_url=URL))
    now = utc_now()
    add_customer("nagy", Details("Nagy Anna", "nagy.example.hu", "n@example.hu"), now=now, by=COMMAND_LINE)
    note_fetched(Fetched(built_in().replace("15m", "30m"), Marks()), URL, now=now)
    try_waiting(now=now)
    page = new_page(scripts=scripts)

    page.goto("/configuration/template")

    expect(page.get_by_role("heading", name="The fetched template is in use")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("hub.report_interval")
    assert not scripts or unsound(page, "template") == []
    page.get_by_role("button", name="Fetch now").click()
    expect(page.get_by_text("The template is being fetched.")).to_be_visible()
