import re
from datetime import UTC, datetime, timedelta
from http.cookies import Morsel
from ipaddress import ip_network

import pytest
from django.test import Client
from pytest_django import Settings
from tests.operators.site import with_auth, with_server
from tests.servers.browser import PASSWORD

from felhom_hub.operators.digests import digest
from felhom_hub.operators.models import Session, SignInFailure
from felhom_hub.operators.throttle import FREE_FAILURES

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr("felhom_hub.base.arrival.utc_now", lambda: NOON)
    return monkeypatch


def cookie_of(client: Client) -> Morsel[str]:
    return client.cookies["hub_session"]


def test_the_right_password_opens_a_session_and_leads_on(anonymous: Client) -> None:
    response = anonymous.post("/login", {"password": PASSWORD, "next": "/customers/kiss?period=7d"})

    assert (response.status_code, response["Location"]) == (303, "/customers/kiss?period=7d")
    cookie = cookie_of(anonymous)
    assert re.fullmatch("[0-9a-f]{64}", cookie.value)
    assert {name: value for name, value in cookie.items() if value and name != "expires"} == {
        "httponly": True,
        "max-age": 7 * 24 * 3600,
        "path": "/",
        "samesite": "Lax",
    }
    row = Session.objects.get()
    assert (row.token_digest, row.address) == (digest(cookie.value), "127.0.0.1")
    assert SignInFailure.objects.count() == 0


@pytest.mark.parametrize(
    ("trusted", "proto", "secure"),
    [((), "https", False), (("127.0.0.0/8",), "https", True), (("127.0.0.0/8",), "http", False)],
)
def test_the_cookie_is_secure_under_tls_as_a_trusted_proxy_sees_it(
    anonymous: Client, settings: Settings, trusted: tuple[str, ...], proto: str, secure: bool
) -> None:
    with_server(settings, trusted_proxies=tuple(ip_network(network) for network in trusted))

    anonymous.post("/login", {"password": PASSWORD}, headers={"X-Forwarded-Proto": proto})

    assert bool(cookie_of(anonymous)["secure"]) is secure


def test_each_sign_in_makes_a_new_token_and_ends_the_session_before(anonymous: Client) -> None:
    anonymous.post("/login", {"password": PASSWORD})
    first = cookie_of(anonymous).value
    anonymous.post("/login", {"password": PASSWORD})
    second = cookie_of(anonymous).value

    assert first != second
    assert list(Session.objects.values_list("token_digest", flat=True)) == [digest(second)]


def test_a_planted_token_is_not_taken_over(anonymous: Client) -> None:
    anonymous.cookies["hub_session"] = "a" * 64
    anonymous.post("/login", {"password": PASSWORD})

    assert cookie_of(anonymous).value != "a" * 64


def test_sign_out_ends_the_session_on_the_server(signed_in: Client) -> None:
    token = cookie_of(signed_in).value
    csrf = Session.objects.get().csrf_token

    assert signed_in.get("/logout").status_code == 405
    response = signed_in.post("/logout", {"_csrf": csrf})

    assert (response.status_code, response["Location"]) == (303, "/login")
    assert cookie_of(signed_in).value == ""
    signed_in.cookies["hub_session"] = token
    assert signed_in.get("/").status_code == 302


def test_whoever_is_signed_in_needs_no_form(signed_in: Client) -> None:
    assert signed_in.get("/login?next=/customers/kiss")["Location"] == "/customers/kiss"


def test_without_login_the_form_leads_straight_on(anonymous: Client, settings: Settings) -> None:
    with_auth(settings, password_hash="")
    assert anonymous.get("/login?next=/x")["Location"] == "/x"


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\x00//evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "https:evil.example",
        "/" + "x" * 2001,
        "",
        "/login",
        "/login?next=/login",
        "/logout",
    ],
)
def test_sign_in_never_leads_to_another_site(anonymous: Client, evil: str) -> None:
    form = anonymous.get("/login", {"next": evil})
    assert 'name="next" value="/"' in form.text

    assert anonymous.post("/login", {"password": PASSWORD, "next": evil})["Location"] == "/"


def test_a_hostile_next_is_inert_in_the_form(anonymous: Client) -> None:
    form = anonymous.get("/login", {"next": '/"><script>alert(1)</script>'})

    assert "<script>alert" not in form.text
    assert 'value="/&quot;&gt;&lt;script&gt;' in form.text


def test_wrong_passwords_tell_the_tries_left_and_then_pause(anonymous: Client, at_noon: pytest.MonkeyPatch) -> None:
    told = []
    for _ in range(FREE_FAILURES + 1):
        response = anonymous.post("/login", {"password": "wrong"})
        told.append((response.status_code, response.get("Retry-After"), sentence_of(response.text)))

    assert told == [
        (403, None, "4 tries left, then sign-in pauses for 5 min."),
        (403, None, "3 tries left, then sign-in pauses for 5 min."),
        (403, None, "2 tries left, then sign-in pauses for 5 min."),
        (403, None, "1 try left, then sign-in pauses for 5 min."),
        (403, "300", "Sign-in from your address now pauses for 5 min."),
        (429, "300", "Sign-in from your address goes on in 5 min. This try was not checked."),
    ]
    at_noon.setattr("felhom_hub.base.arrival.utc_now", lambda: NOON + timedelta(minutes=3, seconds=30))
    waiting = anonymous.post("/login", {"password": PASSWORD})
    assert (waiting.status_code, waiting["Retry-After"]) == (429, "90")
    assert sentence_of(waiting.text) == "Sign-in from your address goes on in 2 min. This try was not checked."
    at_noon.setattr("felhom_hub.base.arrival.utc_now", lambda: NOON + timedelta(minutes=5))
    assert anonymous.post("/login", {"password": PASSWORD}).status_code == 303
    assert SignInFailure.objects.count() == 5


def sentence_of(page: str) -> str:
    found = re.search(r'<p class="sm">(.*?)</p>', page)
    assert found
    return found[1]


def test_a_success_from_one_address_clears_nothing_for_another(anonymous: Client) -> None:
    for _ in range(FREE_FAILURES):
        anonymous.post("/login", {"password": "wrong"}, REMOTE_ADDR="192.0.2.7")

    assert anonymous.post("/login", {"password": PASSWORD}, REMOTE_ADDR="192.0.2.8").status_code == 303
    assert anonymous.post("/login", {"password": PASSWORD}, REMOTE_ADDR="192.0.2.7").status_code == 429


def test_an_untrusted_caller_cannot_choose_the_address_it_is_counted_under(anonymous: Client) -> None:
    for number in range(FREE_FAILURES):
        anonymous.post("/login", {"password": "wrong"}, headers={"X-Forwarded-For": f"192.0.2.{number}"})

    assert anonymous.post("/login", {"password": PASSWORD}).status_code == 429


def test_behind_a_trusted_proxy_each_caller_is_counted_alone(anonymous: Client, settings: Settings) -> None:
    with_server(settings, trusted_proxies=(ip_network("127.0.0.1/32"),))
    for _ in range(FREE_FAILURES):
        anonymous.post("/login", {"password": "wrong"}, headers={"X-Forwarded-For": "1.1.1.1, 192.0.2.7"})

    answers = [
        anonymous.post("/login", {"password": PASSWORD}, headers={"X-Forwarded-For": f"1.1.1.1, {address}"})
        for address in ("192.0.2.7", "192.0.2.8")
    ]
    assert [answer.status_code for answer in answers] == [429, 303]


@pytest.mark.parametrize("password", ["", "x" * 73, "ő" * 40, "a\0b"])
def test_what_can_be_no_password_is_refused_plainly_and_not_counted(anonymous: Client, password: str) -> None:
    response = anonymous.post("/login", {"password": password})

    assert response.status_code == 400
    assert "This cannot be the password" in response.text
    assert "xxxx" not in response.text
    assert SignInFailure.objects.count() == 0


def test_a_hub_without_any_password_yet_says_so(anonymous: Client, settings: Settings) -> None:
    with_auth(settings, password_hash=None)
    response = anonymous.post("/login", {"password": PASSWORD})

    assert response.status_code == 503
    assert "There is no password yet" in response.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "http://testserver"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_a_foreign_page_cannot_sign_a_browser_in(anonymous: Client, headers: dict[str, str], status: int) -> None:
    assert anonymous.post("/login", {"password": PASSWORD}, headers=headers).status_code == status
    assert Session.objects.count() == (status == 303)


def test_a_left_over_cookie_does_not_keep_anybody_from_signing_in(anonymous: Client) -> None:
    anonymous.cookies["hub_session"] = "a" * 64
    assert anonymous.post("/login", {"password": PASSWORD}).status_code == 303


def test_the_password_is_never_in_the_answer_or_the_log(anonymous: Client, capsys: pytest.CaptureFixture[str]) -> None:
    response = anonymous.post("/login", {"password": "hunter2-hunter2"})

    logged = capsys.readouterr()
    assert "wrong operator password" in logged.out + logged.err
    assert "hunter2" not in response.text + logged.out + logged.err
