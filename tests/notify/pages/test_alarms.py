from collections.abc import Callable
from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.notify.alarms import begin_incident, fall

from felhom_hub.notify.models import Alarm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_mail(notifications: Callable[..., None]) -> None:
    notifications(operator_email="operator@example.org", resend_api_key="re_key")


def post(browser: Any, action: str, **fields: str) -> Any:
    return browser.post(f"/alarms/{Alarm.objects.get().pk}/{action}", {"_csrf": browser.csrf, **fields})


def test_an_alarm_is_acknowledged_on_its_customers_page_and_taken_back_there(browser: Any) -> None:
    fall(make_customer("kiss-anna"))
    page = browser.get("/customers/kiss-anna").content.decode()
    assert "Open alarms" in page
    assert 'name="next" value="/customers/kiss-anna#alarms"' in page

    answer = post(browser, "acknowledge", note="called <b>him</b>", next="/customers/kiss-anna#alarms")
    assert (answer.status_code, answer["Location"]) == (303, "/customers/kiss-anna#alarms")
    page = browser.get("/customers/kiss-anna").content.decode()
    assert "The alarm is acknowledged until it is over." in page
    assert "“<bdi>called &lt;b&gt;him&lt;/b&gt;</bdi>”" in page

    assert post(browser, "take-back")["Location"] == "/customers/kiss-anna#alarms"
    alarm = Alarm.objects.get()
    assert (alarm.acknowledged_at, alarm.since_at) == (None, NOW)


def test_an_incident_is_acknowledged_on_its_page_and_stands_last_among_the_events(browser: Any) -> None:
    incident = begin_incident([make_customer("a")])
    path = f"/incidents/{incident.pk}"
    assert 'href="#taken">Acknowledge…' in browser.get(path).content.decode()
    assert "Not acknowledged" in browser.get("/events").content.decode()

    post(browser, "acknowledge", note="vendor ticket 4471", next=f"{path}#taken")

    assert "<h2>Taken</h2>" in browser.get(path).content.decode()
    assert "“<bdi>vendor ticket 4471</bdi>”" in browser.get("/events").content.decode()


@pytest.mark.parametrize("wanted", ["https://evil.example.org/", "//evil.example.org", ""])
def test_no_other_site_is_gone_on_to(browser: Any, wanted: str) -> None:
    fall(make_customer("a"))

    assert post(browser, "acknowledge", next=wanted)["Location"] == "/customers/a#alarms"


@pytest.mark.parametrize("action", ["acknowledge", "take-back"])
def test_an_alarm_that_is_over_says_so(browser: Any, action: str) -> None:
    answer = browser.post(f"/alarms/7/{action}", {"_csrf": browser.csrf})

    assert answer.status_code == 404
    assert "This alarm is over" in answer.content.decode()
    assert browser.get(f"/alarms/7/{action}").status_code == 405
