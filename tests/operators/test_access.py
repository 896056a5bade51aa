import pytest
from django.test import Client
from pytest_django import Settings
from tests.operators.site import site, with_auth, with_server

from felhom_hub.operators.models import Session


@pytest.mark.parametrize(
    ("path", "onward"),
    [
        ("/", "/login?next=/"),
        ("/customers/kiss?period=7d&x=1", "/login?next=/customers/kiss%3Fperiod%3D7d%26x%3D1"),
        ("/no-such-page", "/login?next=/no-such-page"),
        ("/login/x", "/login?next=/login/x"),
        ("/loginx", "/login?next=/loginx"),
        ("/apix", "/login?next=/apix"),
        ("/kov%C3%A1cs", "/login?next=/kov%25C3%25A1cs"),
    ],
)
def test_a_page_asks_for_sign_in_first_and_remembers_where_to(anonymous: Client, path: str, onward: str) -> None:
    response = anonymous.generic("GET", path)

    assert (response.status_code, response["Location"]) == (302, onward)


@pytest.mark.parametrize("path", ["/api/..//", "/%61pi/../", "/api/%2e%2e/change", "/static/../change"])
def test_no_page_is_reached_through_a_public_prefix(anonymous: Client, path: str) -> None:
    assert anonymous.generic("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/login", 200), ("GET", "/api/v1/change", 200), ("GET", "/static/x.css", 404)],
)
def test_the_public_list_is_open(anonymous: Client, method: str, path: str, status: int) -> None:
    assert anonymous.generic(method, path).status_code == status


def test_a_refresh_without_sign_in_gets_a_note_instead_of_a_page(anonymous: Client) -> None:
    response = anonymous.get("/", headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert "You are signed out" in response.text
    assert "<html" not in response.text


@pytest.mark.parametrize("path", ["//api/v1/report", "/API/v1/report", "/hub/api/v1/report", "/report"])
def test_a_program_that_missed_the_api_hears_so_and_is_led_to_no_page_that_answers_200(
    anonymous: Client, path: str
) -> None:
    response = anonymous.generic("POST", path, b"{}", content_type="application/json")

    assert (response.status_code, response.json()) == (
        404,
        {"ok": False, "error": "There is nothing at this path; the API begins with /api/v1/"},
    )


def test_a_form_that_is_sent_after_the_session_has_ended_leads_to_the_sign_in(anonymous: Client) -> None:
    response = anonymous.post("/logout", {"x": "1"})

    assert (response.status_code, response["Location"]) == (302, "/login?next=/")


def test_the_operator_sees_the_page(signed_in: Client) -> None:
    response = signed_in.get("/")

    assert response.status_code == 200
    assert "All 3 servers are well" in response.text
    assert "Sign-in is off" not in response.text


def test_an_unknown_cookie_is_nobody(anonymous: Client) -> None:
    anonymous.cookies["hub_session"] = "authenticated"
    assert anonymous.get("/").status_code == 302


def test_one_page_costs_one_query_of_sign_in(signed_in: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture without a type of its own
        signed_in.get("/")


def test_without_login_everybody_is_let_in_and_told_so_on_every_page(anonymous: Client, settings: Settings) -> None:
    with_auth(settings, password_hash="")

    for path, status in (("/", 200), ("/no-such-page", 404)):
        response = anonymous.get(path, headers={"Host": "127.0.0.1:8080"})
        assert response.status_code == status
        assert "Sign-in is off" in response.text
        assert "Sign out" not in response.text
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("192.168.1.20", 200),
        ("localhost", 200),
        ("hub.localhost:8080", 200),
        ("hub.example", 200),
        ("box.lan:8080", 200),
        ("evil.example", 403),
        ("evil.example:8080", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example", 403),
    ],
)
def test_without_login_a_foreign_name_that_points_here_gets_nothing(
    anonymous: Client, settings: Settings, host: str, status: int
) -> None:
    with_auth(settings, password_hash="")
    listen = type(settings.HUB.server.listen)(host="box.lan", port=8080)
    with_server(settings, public_url="https://hub.example", listen=listen)

    response = anonymous.get("/", headers={"Host": host})

    assert response.status_code == status
    assert (site.headline in response.text) is (status == 200)
