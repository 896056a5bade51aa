from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from pytest_django import Settings
from tests.build import NOW

from felhom_hub.base.models import Job
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.template import built_in, note_failure, note_fetched
from felhom_hub.configs.template_ask import FETCH_JOB
from felhom_hub.configs.template_change import try_waiting
from felhom_hub.configs.template_fetch import Fetched, Marks
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

URL = "https://git.example.org/controller.yaml.example"
PATH = "/configuration/template"
LATER = built_in().replace("report_interval: 15m", "report_interval: 30m")


@pytest.fixture
def nagy(settings: Settings) -> Customer:
    """A customer with a key of its own, on a hub that fetches its template."""
    settings.HUB = replace(settings.HUB, registry=replace(settings.HUB.registry, template_url=URL))
    add_customer("nagy", Details("Nagy Anna", "nagy.example.hu", "n@example.hu"), now=NOW, by=COMMAND_LINE)
    customer = Customer.objects.get()
    overrides = "extra: 1\nbackup_password: hunter22\n"
    CustomerConfig.objects.create(customer=customer, overrides=overrides, changed_at=NOW)
    return customer


def page_of(browser: Any) -> str:
    return unescape(browser.get(PATH).content.decode())


def test_a_hub_that_fetches_none_says_so_and_has_nothing_to_press(browser: Any) -> None:
    page = page_of(browser)

    assert "The hub’s own template is in use" in page
    assert "registry.template_url is empty" in page
    assert "Fetch now" not in page


def test_an_adopted_one_is_shown_with_its_age_and_whom_it_changed(browser: Any, nagy: Customer) -> None:
    note_fetched(Fetched(LATER, Marks()), URL, now=NOW)
    assert "A newer template is being tried" in page_of(browser)
    try_waiting(now=NOW)

    page = page_of(browser)
    assert "The fetched template is in use" in page
    assert "1 of 1 customer" in page
    assert f'href="/customers/{nagy.customer_id}"' in page
    assert "hub.<wbr>report_<wbr>interval" in page
    preview = unescape(browser.get("/customers/nagy/config").content.decode())
    assert 'Made of the <a href="/configuration/template">fetched template</a>, fetched <time' in preview


def test_a_refused_one_is_shown_with_its_reason_and_without_values(browser: Any, nagy: Customer) -> None:
    note_fetched(Fetched(f"{LATER}motd: |+\n  hello\n\n\n", Marks()), URL, now=NOW)
    try_waiting(now=NOW)

    page = page_of(browser)
    assert "The newest template reaches nobody" in page
    assert "1 customer would have no file. The hub’s own template stays." in page
    assert "No file: Its form is one that values cannot be put into." in page
    assert "hunter22" not in page
    assert "Made of the <a" in unescape(browser.get(f"/customers/{nagy.customer_id}/config").content.decode())


@pytest.mark.usefixtures("nagy")
def test_a_failure_says_when_it_last_worked(browser: Any) -> None:
    note_failure("git.example.org refuses to give the template (401).", now=NOW)
    assert "refuses to give the template (401). It has never worked." in page_of(browser)

    note_fetched(Fetched(LATER, Marks()), URL, now=NOW)
    note_failure("git.example.org refuses to give the template (401).", now=NOW)
    assert "refuses to give the template (401). It last worked <time" in page_of(browser)


@pytest.mark.usefixtures("nagy")
def test_the_button_asks_for_the_job_and_is_on_the_record(browser: Any) -> None:
    answer = browser.post(f"{PATH}/fetch", {"_csrf": browser.csrf})

    assert (answer.status_code, answer["Location"]) == (303, PATH)
    assert Job.objects.filter(name=FETCH_JOB).exists()
    assert AuditEntry.objects.filter(action="job_run").count() == 1
