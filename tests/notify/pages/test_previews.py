from typing import Any

import pytest

from felhom_hub.base.headers import HEADERS


def test_the_page_leads_to_the_first_message(browser: Any) -> None:
    answer = browser.get("/mail-preview")

    assert (answer.status_code, answer["Location"]) == (302, "/mail-preview/operator/node_down")


def test_a_message_is_shown_with_its_envelope_and_both_parts(browser: Any, notifications: Any) -> None:
    notifications(from_email="Felhom <hub@example.org>", operator_email="operator@example.org")

    answer = browser.get("/mail-preview/operator/node_down")
    page = answer.content.decode()

    assert "<dd>Felhom &lt;hub@example.org&gt;</dd>" in page
    assert "<dd>o…@example.org</dd>" in page
    assert "<b>[DOWN] Kovács Péter: no report</b>" in page
    assert "DOWN: Kovács Péter: no report\n" in page
    assert 'src="/mail-preview/operator/node_down/html" sandbox>' in page
    assert answer["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    hungarian = browser.get("/mail-preview/customer/node_down").content.decode()
    assert "<b>Nem érjük el az otthoni szerverét</b>" in hungarian
    assert "customer, Hungarian" in hungarian


def test_without_an_address_it_says_so(browser: Any) -> None:
    assert (
        "nobody, <code>notifications.operator_email</code>"
        in browser.get("/mail-preview/operator/test").content.decode()
    )


def test_the_frame_may_style_itself_and_nothing_else(browser: Any) -> None:
    answer = browser.get("/mail-preview/customer/backup_failed/html")

    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"].split("; ")
    assert policy[:3] == ["default-src 'none'", "style-src 'unsafe-inline'", "sandbox"]
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "Nem készült el a biztonsági mentés" in answer.content.decode()


@pytest.mark.parametrize("path", ["customer/hub_deaf", "nobody/node_down", "operator/none", "operator/%3Cscript%3E"])
def test_what_is_never_sent_is_not_there(browser: Any, path: str) -> None:
    assert browser.get(f"/mail-preview/{path}").status_code == 404
    answer = browser.get(f"/mail-preview/{path}/html")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain")
