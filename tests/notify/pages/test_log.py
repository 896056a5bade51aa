import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.build import NOW, make_customer
from tests.notify.messages import make_message
from tests.servers.resend import Provider

from felhom_hub.base.models import Job
from felhom_hub.notify import trial as trial_module
from felhom_hub.notify.deliver import deliver_due
from felhom_hub.notify.message_log import PAGE_ROWS
from felhom_hub.notify.models import Delivery
from felhom_hub.operators.models import AuditEntry

HOSTILE = '<script>alert(1)</script>"{{ 7*7 }}\u202e'


@pytest.fixture(autouse=True)
def no_job_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody delivers while a page waits; the browser's tests have a loop."""
    monkeypatch.setattr(trial_module, "WAIT_SECONDS", 0.0)


def text_of(browser: Any, path: str = "/notifications") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def post(browser: Any, path: str, **fields: str) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, **fields})


def deliver() -> None:
    deliver_due(clock=lambda: NOW, chance=lambda: 0.0, is_over_time=lambda: False)


def test_an_empty_log_says_so_and_what_there_is_to_set(browser: Any) -> None:
    page = text_of(browser)

    assert "<h1>No message in the last 24 h</h1>" in page
    assert "Nobody was to be told of anything in this period." in page
    assert page.count("not set up") == 3
    assert "Prove it now" not in page
    assert "/test" not in page


def test_messages_stand_by_day_with_their_results(browser: Any) -> None:
    szabo = make_customer("szabo-peter", name="Szabó Péter")
    make_message(customer=szabo, event_type="disk_critical", minutes=3)
    make_message(customer=szabo, result="failed", reason="refused by the provider", answer="422 no", minutes=20 * 60)
    make_message(customer=szabo, result="skipped", is_ordinary=True, event_type="app_deployed")

    page = text_of(browser)

    assert "<h1>1 of 2 messages failed in the last 24 h</h1>" in page
    assert "<title>Notifications: 1 failed" in page
    assert re.findall(r'colspan="7">([^<]*)</th>', page) == ["Today, Mon 23 Nov 2026", "Yesterday, Sun 22 Nov 2026"]
    assert "Failed: <bdi>refused by the provider</bdi>, <bdi>422 no</bdi>" in page
    assert "App deployed" not in page
    assert "o…@example.org" in page
    assert "operator@example.org" not in page
    assert page.count(">Send again</button>") == 1


def test_older_pages_are_linked_with_the_filter(browser: Any) -> None:
    for number in range(PAGE_ROWS + 1):
        make_message(minutes=number, event_type=f"type_{number:03}")

    page = text_of(browser, "/notifications?audience=operator")
    (older,) = re.findall(r'href="([^"]*before[^"]*)"', page)
    assert "type_050" not in page

    last = text_of(browser, older.replace("&amp;", "&"))
    assert re.findall(r'<small title="(type_\d+)">', last) == ["type_050"]
    assert 'href="/notifications?audience=operator">Newest</a>' in last


def test_a_failed_message_is_sent_again_and_the_view_stays(browser: Any, resend: Provider) -> None:
    failed = make_message(result="failed", reason="refused")
    make_customer("szabo-peter")

    answer = post(browser, f"/notifications/{failed.pk}/again", next="/notifications?result=failed")

    assert (answer.status_code, answer["Location"]) == (303, "/notifications?result=failed")
    deliver()
    assert len(resend.accepted) == 1
    assert AuditEntry.objects.get().action == "delivery_sent_again"
    page = text_of(browser, "/notifications?result=failed")
    assert "Failed, sent again: <bdi>refused" in page
    assert "The message is on its way again." in page


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_no_form_leads_away_from_the_hub(browser: Any, resend: Provider, back: str) -> None:  # noqa: ARG001 - set up
    failed = make_message(result="failed", reason="refused")

    assert post(browser, f"/notifications/{failed.pk}/again", next=back)["Location"] == "/notifications"


def test_what_cannot_be_sent_again_says_why(browser: Any, resend: Provider) -> None:  # noqa: ARG001 - sets it up
    sent = make_message()

    answer = post(browser, f"/notifications/{sent.pk}/again")
    assert (answer.status_code, "Only a failed message can be sent again." in answer.content.decode()) == (409, True)
    assert post(browser, f"/notifications/{sent.pk + 1}/again").status_code == 404
    assert not AuditEntry.objects.exists()


def test_a_test_shows_the_providers_answer(browser: Any, resend: Provider) -> None:
    resend.behave("ok", 401)

    answer = post(browser, "/notifications/channels/email/test")
    number = Delivery.objects.get().pk
    assert (answer.status_code, answer["Location"]) == (303, f"/notifications?tested={number}#channels")
    assert "Mail: no answer yet" in text_of(browser, f"/notifications?tested={number}")
    deliver()
    page = text_of(browser, f"/notifications?tested={number}")
    assert "Mail: test accepted" in page
    assert f"accepted as re-{Delivery.objects.get().key}" in page

    second = post(browser, "/notifications/channels/email/test")["Location"]
    deliver()
    page = text_of(browser, second)
    assert "Mail: test failed" in page
    assert "Failed: <bdi>not accepted at its only try</bdi>, <bdi>401" in page


def test_a_channel_that_is_not_set_up_cannot_be_tested(browser: Any) -> None:
    answer = post(browser, "/notifications/channels/webhook/test")

    assert answer.status_code == 409
    assert "set notifications.webhook_url and notifications.webhook_secret." in answer.content.decode()
    assert post(browser, "/notifications/channels/pigeon/test").status_code == 404


def test_the_proof_is_shown_with_its_answer(browser: Any, resend: Provider) -> None:
    assert ">Not yet</span>" in text_of(browser)
    resend.behave(422)

    answer = post(browser, "/notifications/prove")
    assert (answer.status_code, answer["Location"]) == (303, "/notifications#proof")
    deliver()
    page = text_of(browser)
    assert ">On its way</span>" in page
    assert "told to answer 422" in page

    post(browser, "/notifications/prove")
    deliver()
    assert ">Proven</span>" in text_of(browser)
    assert AuditEntry.objects.filter(action="alarm_path_tested").count() == 2


def test_without_a_channel_prove_sends_nothing(browser: Any) -> None:
    assert post(browser, "/notifications/prove").status_code == 303
    assert not Delivery.objects.exists()


def test_the_next_proof_and_the_heartbeat_are_shown(browser: Any) -> None:
    Job.objects.create(name="notify.prove_alarm_path", next_at=NOW)

    page = text_of(browser)
    assert ">23 Nov 2026, 13:00</time>" in page
    assert "no address set" in page


def test_a_post_without_its_token_is_refused(browser: Any, resend: Provider) -> None:
    failed = make_message(result="failed", reason="refused")

    for path in ("/notifications/prove", "/notifications/channels/email/test", f"/notifications/{failed.pk}/again"):
        assert browser.post(path).status_code == 403
    assert Delivery.objects.count() == 1
    assert resend.requests == []


def test_hostile_texts_are_shown_as_texts(browser: Any, notifications: Callable[..., None]) -> None:
    notifications(resend_api_key="re_key", operator_email="operator@example.org")
    customer = make_customer("kiss-anna", name=HOSTILE)
    make_message(
        customer=customer, event_type=HOSTILE[:64], recipient=HOSTILE, result="failed", reason="x", answer=HOSTILE
    )

    page = text_of(browser, f"/notifications?customer=kiss-anna&q={HOSTILE[:6]}")

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_customers_messages_have_a_filter_that_can_be_taken_away(browser: Any) -> None:
    make_message(customer=make_customer("kiss-anna"), result="skipped", is_ordinary=True, event_type="app_deployed")

    page = text_of(browser, "/notifications?customer=kiss-anna&result=unasked")

    assert "App deployed" in page
    assert re.findall(r'href="([^"]*)" data-soft aria-current="true"><bdi>Only kiss-anna', page) == ["/notifications"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_however_many_rows_it_has(
    browser: Any, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        make_message(customer=make_customer(f"c{number}"), minutes=number)

    with django_assert_num_queries(8):
        text_of(browser)
