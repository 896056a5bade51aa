from typing import Any

import pytest
from django.db import OperationalError
from pytest_django import Settings
from tests.asgi import call, run
from tests.operators.site import with_auth
from tests.servers.browser import session_token

from felhom_hub.base.endpoint import Receive, Scope, Send, send_json
from felhom_hub.operators.models import Session
from felhom_hub.operators.raw_csrf import csrf_checked
from felhom_hub.operators.sessions import SESSION_COOKIE

CHANGES = ("POST", "PUT", "PATCH", "DELETE")
REFUSED = (403, {"ok": False, "error": "CSRF token missing or invalid"})
PASSED = (200, {"ok": True})

pytestmark = pytest.mark.django_db(transaction=True)


@csrf_checked
async def endpoint(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send_json(send, {"ok": True})


def asked(method: str, **headers: str) -> tuple[int, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = run(call(endpoint, method, path="/api/v1/report", headers=named))
    return answer.status, answer.json()


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("method", CHANGES)
def test_a_change_with_a_session_cookie_needs_the_sessions_token(method: str) -> None:
    cookie = f"theme=dark; {SESSION_COOKIE}={session_token()}"
    token = Session.objects.get().csrf_token

    assert asked(method, Cookie=cookie) == REFUSED
    assert asked(method, Cookie=cookie, Authorization="Bearer a-key") == REFUSED
    assert asked(method, Cookie=cookie, X_CSRF_Token="0" * 64) == REFUSED
    assert asked(method, Cookie=cookie, X_CSRF_Token="\xe9") == REFUSED
    assert asked(method, Cookie=f"{SESSION_COOKIE}={'0' * 64}", X_CSRF_Token=token) == REFUSED
    assert asked(method, Cookie=cookie, X_CSRF_Token=token) == PASSED


@pytest.mark.usefixtures("hub")
def test_without_a_session_cookie_and_for_reading_there_is_nothing_to_show() -> None:
    assert asked("POST") == PASSED
    assert asked("POST", Cookie="theme=dark") == PASSED
    assert asked("GET", Cookie=f"{SESSION_COOKIE}={session_token()}") == PASSED


def test_where_login_is_off_there_are_no_sessions(settings: Settings) -> None:
    with_auth(settings, password_hash="")

    assert asked("POST", Cookie=f"{SESSION_COOKIE}={'0' * 64}") == PASSED


@pytest.mark.usefixtures("hub")
def test_a_session_that_cannot_be_looked_up_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_token: str, **_more: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("felhom_hub.operators.raw_sessions.operator_of", fail)

    status, answer = asked("POST", Cookie=f"{SESSION_COOKIE}={'0' * 64}")

    assert (status, answer["error"]) == (503, "The session cannot be looked up now (it is locked)")
