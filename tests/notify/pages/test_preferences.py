import re
from typing import Any

from tests.build import NOW, make_customer

from felhom_hub.notify.models import Preferences
from felhom_hub.notify.queries import StoredPreferences, preferences_of
from felhom_hub.operators.models import AuditEntry

PATH = "/customers/kiss-anna/preferences"
HOSTILE = '"><script>alert(1)</script>\u202e{{ 7*7 }}'


def post(browser: Any, path: str = PATH, **fields: Any) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, "email": "anna@example.hu", "cooldown_hours": "12", **fields})


def test_the_form_shows_what_holds(browser: Any) -> None:
    anna = make_customer("kiss-anna", name="Kiss Anna")
    Preferences.objects.create(
        customer=anna, email="anna@example.hu", enabled_events='["node_down", "fan_too_loud"]', cooldown_hours=3,
        set_by="controller", updated_at=NOW,
    )  # fmt: skip

    page = browser.get(PATH).content.decode()

    assert re.findall(r'name="(email|cooldown_hours)" type="text" value="([^"]*)"', page) == [
        ("email", "anna@example.hu"),
        ("cooldown_hours", "3"),
    ]
    assert re.findall(r'value="(\w+)" checked', page) == ["node_down", "fan_too_loud"]
    assert "Unknown to this hub" in page


def test_what_is_entered_holds_and_the_page_says_so(browser: Any) -> None:
    anna = make_customer("kiss-anna", name="Kiss Anna")

    answer = post(browser, enabled_events=["node_down", "backup_failed"])

    assert (answer.status_code, answer["Location"]) == (303, "/customers/kiss-anna#notifications")
    stored = StoredPreferences("anna@example.hu", ("node_down", "backup_failed"), 12, "operator", NOW)
    assert preferences_of(anna.pk) == stored
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.actor, entry.customer_id) == ("preferences_changed", "operator", "kiss-anna")
    page = browser.get("/customers/kiss-anna").content.decode()
    assert "The notifications of Kiss Anna are saved." in page
    assert "the operator, " in page


def test_what_cannot_be_is_not_saved_and_nothing_typed_is_lost(browser: Any) -> None:
    anna = make_customer("kiss-anna")

    answer = post(browser, email=HOSTILE, cooldown_hours="999", enabled_events=["node_down"])
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Not saved: 2 fields need a change" in page
    assert page.count("Must be a whole number from 0 to 168.") == 2
    assert "<script>alert" not in page
    assert 'value="999"' in page
    assert re.findall(r'value="(\w+)" checked', page) == ["node_down"]
    assert preferences_of(anna.pk) is None


def test_an_empty_address_and_no_event_switch_it_off(browser: Any) -> None:
    anna = make_customer("kiss-anna")

    post(browser, email="", cooldown_hours="0")

    assert preferences_of(anna.pk) == StoredPreferences("", (), 0, "operator", NOW)


def test_nobody_has_no_form(browser: Any) -> None:
    make_customer("gone", deleted_at=NOW)

    for customer_id in ("nobody", "gone"):
        path = f"/customers/{customer_id}/preferences"
        assert (browser.get(path).status_code, post(browser, path).status_code) == (404, 404)
    assert not Preferences.objects.exists()


def test_a_form_without_its_token_is_refused(browser: Any) -> None:
    make_customer("kiss-anna")

    assert browser.post(PATH, {"email": "a@b.hu", "cooldown_hours": "6"}).status_code == 403
    assert not Preferences.objects.exists()
