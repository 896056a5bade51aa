from typing import Any

import pytest
from tests.build import NOW
from tests.servers.browser import PASSWORD_HASH

from felhom_hub.operators.digests import digest
from felhom_hub.operators.models import AuditEntry, Session
from felhom_hub.operators.sessions import open_session


def another(address: str = "198.51.100.9") -> str:
    """A second signed-in browser; what its session is called."""
    return digest(open_session(password_hash=PASSWORD_HASH, address=address, user_agent="", now=NOW))[:16]


def own(browser: Any) -> str:
    return digest(browser.cookies["hub_session"].value)[:16]


def post(browser: Any, path: str, **fields: str) -> Any:
    return browser.post(path, {"_csrf": browser.csrf, **fields})


def test_another_browser_is_signed_out_and_the_page_says_so(browser: Any) -> None:
    response = post(browser, f"/configuration/sessions/{another()}/revoke")

    assert (response.status_code, response["Location"]) == (303, "/configuration#sessions")
    assert Session.objects.count() == 1
    assert "That browser is signed out." in browser.get("/configuration").content.decode()
    assert AuditEntry.objects.get().detail == "Unknown browser, signed in from 198.51.100.9"


def test_revoking_this_browser_leads_to_the_sign_in(browser: Any) -> None:
    response = post(browser, f"/configuration/sessions/{own(browser)}/revoke")

    assert (response.status_code, response["Location"]) == (303, "/login")
    assert response.cookies["hub_session"].value == ""
    assert Session.objects.count() == 0


@pytest.mark.parametrize("reference", ["0" * 16, "x", "%25"])
def test_a_session_that_is_over_is_not_found(browser: Any, reference: str) -> None:
    assert post(browser, f"/configuration/sessions/{reference}/revoke").status_code == 404
    assert Session.objects.count() == 1


def test_the_question_is_a_page_without_scripts_and_offers_what_there_is(browser: Any) -> None:
    alone = browser.get("/configuration/sign-out").content.decode()
    another()
    together = browser.get("/configuration/sign-out").content.decode()

    assert "<p>1 browser is signed in." in alone
    assert "Only the others" not in alone
    assert "<p>2 browsers are signed in." in together
    assert '<button class="btn" name="which" value="others">Only the others</button>' in together


def test_the_others_are_signed_out_and_this_one_stays(browser: Any) -> None:
    another()

    response = post(browser, "/configuration/sign-out", which="others")

    assert (response.status_code, response["Location"]) == (303, "/configuration#sessions")
    assert browser.get("/configuration").status_code == 200
    assert Session.objects.count() == 1


@pytest.mark.parametrize("fields", [{"which": "all"}, {}, {"which": "nonsense"}])
def test_everywhere_ends_this_browsers_session_too(browser: Any, fields: dict[str, str]) -> None:
    another()

    response = post(browser, "/configuration/sign-out", **fields)

    assert (response.status_code, response["Location"]) == (303, "/login")
    assert Session.objects.count() == 0
    assert AuditEntry.objects.get().action == "signed_out_everywhere"


@pytest.mark.parametrize("path", ["/configuration/sign-out", "/configuration/sessions/{}/revoke"])
def test_nothing_ends_without_the_token(browser: Any, path: str) -> None:
    assert browser.post(path.format(another())).status_code == 403
    assert Session.objects.count() == 2
