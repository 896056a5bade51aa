"""Method × cookie × token × path, asked through the real middlewares."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings
from tests.operators.site import site, with_auth, with_server

from felhom_hub.operators.models import Session

CHANGES = ("POST", "PUT", "PATCH", "DELETE")
FORM = "application/x-www-form-urlencoded"


def send(client: Client, method: str, path: str = "/change", body: str = "", **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer: Any = client.generic(method, path, body, content_type=FORM, headers=named)
    response: HttpResponse = answer
    return response


def token() -> str:
    return Session.objects.get().csrf_token


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_needs_no_token(signed_in: Client, method: str) -> None:
    assert send(signed_in, method).status_code == 200


@pytest.mark.parametrize("method", CHANGES)
@pytest.mark.parametrize("path", ["/change", "/api/v1/change"])
def test_a_change_passes_with_the_sessions_token_in_form_or_header(signed_in: Client, method: str, path: str) -> None:
    assert send(signed_in, method, path, X_CSRF_Token=token()).status_code == 200
    assert send(signed_in, method, path, f"a=1&_csrf={token()}").status_code == 200
    assert site.changes == 2


@pytest.mark.parametrize("method", [*CHANGES, "BREW"])
@pytest.mark.parametrize(
    ("body", "header"),
    [
        ("", ""),
        ("_csrf=", ""),
        (f"_csrf={'0' * 64}", ""),
        ("csrf=TOKEN", ""),
        ("_csrf=TOKENx", ""),
        ("_csrf=%C5%91%ED%A0%80", ""),
        ("", "0" * 64),
        ("_csrf=TOKEN", "0" * 64),
    ],
)
def test_a_change_without_the_right_token_does_not_happen(
    signed_in: Client, method: str, body: str, header: str
) -> None:
    body = body.replace("TOKEN", token())
    headers = {"X_CSRF_Token": header} if header else {}

    page = send(signed_in, method, "/change", body, **headers)
    api = send(signed_in, method, "/api/v1/change", body, **headers)

    assert (page.status_code, page["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert "This form is too old" in page.text
    assert (api.status_code, api.content) == (403, b'{"ok":false,"error":"CSRF token missing or invalid"}')
    assert site.changes == 0


def test_the_token_of_another_session_is_wrong(signed_in: Client) -> None:
    other = Client()
    mine = token()
    other.cookies["hub_session"] = "f" * 64

    assert send(other, "POST", X_CSRF_Token=mine).status_code == 403
    assert site.changes == 0
    assert send(signed_in, "POST", X_CSRF_Token=mine).status_code == 200


def test_without_a_session_cookie_the_api_is_asked_for_no_token(anonymous: Client) -> None:
    assert send(anonymous, "POST", "/api/v1/change").status_code == 200


def test_without_a_session_cookie_a_page_asks_for_sign_in(anonymous: Client) -> None:
    response = send(anonymous, "POST")

    assert (response.status_code, response["Location"]) == (302, "/login?next=/")
    assert site.changes == 0


def test_a_cookie_of_an_ended_session_changes_nothing(signed_in: Client) -> None:
    old_token = token()
    Session.objects.all().delete()

    page = send(signed_in, "POST", X_CSRF_Token=old_token)
    api = send(signed_in, "POST", "/api/v1/change", X_CSRF_Token=old_token)

    assert page.status_code == 403
    assert "You are signed out" in page.text
    assert (api.status_code, json.loads(api.content)["error"]) == (403, "CSRF token missing or invalid")
    assert site.changes == 0


def test_the_check_comes_before_routing(signed_in: Client) -> None:
    assert send(signed_in, "POST", "/no-such-page").status_code == 403
    assert send(signed_in, "POST", "/no-such-page", X_CSRF_Token=token()).status_code == 404


def test_a_form_with_files_carries_its_token_too(signed_in: Client) -> None:
    assert signed_in.post("/change", {"_csrf": token(), "a": "1"}).status_code == 200
    assert signed_in.post("/change", {"a": "1"}).status_code == 403
    assert signed_in.post("/change", "{broken", content_type="multipart/form-data; boundary=x").status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "http://127.0.0.1:8080"}, 200),
        ({"Origin": "http://127.0.0.1:8080"}, 200),
        ({"Origin": "https://hub.example"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/change", "/api/v1/change"])
def test_without_login_a_change_comes_from_the_hubs_own_pages(
    anonymous: Client, settings: Settings, path: str, headers: dict[str, str], status: int
) -> None:
    with_auth(settings, password_hash="")
    with_server(settings, public_url="https://hub.example/")

    assert send(anonymous, "POST", path, Host="127.0.0.1:8080", **headers).status_code == status
    assert site.changes == (status == 200)
