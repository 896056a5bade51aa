from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern
from pytest_django import Settings
from tests.operators import site
from tests.operators.site import with_auth

from felhom_hub.base.assets import asset_path
from felhom_hub.base.current import request_id
from felhom_hub.base.headers import HEADERS


@pytest.fixture
def browser(settings: Settings) -> Client:
    """Login is off, so that no database is needed."""
    settings.ROOT_URLCONF = "tests.operators.site"
    with_auth(settings, password_hash="")
    return Client(raise_request_exception=False, headers={"Host": "127.0.0.1"})


def raising(error: Exception) -> Any:
    def view(_: HttpRequest) -> HttpResponse:
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, (404, "There is no such page", "The address is mistyped, or what it named has been deleted.")),
        (
            SuspiciousOperation("secret detail"),
            (400, "This request cannot be read", "What the browser sent is damaged"),
        ),
        (PermissionDenied("secret detail"), (403, "This is not allowed", "The hub refuses this request.")),
        (RuntimeError("secret detail"), (500, "The hub made a mistake", "This page could not be put together.")),
    ],
)
def test_what_goes_wrong_is_told_in_the_frame_or_as_json(
    browser: Client, monkeypatch: pytest.MonkeyPatch, error: Exception | None, said: tuple[int, str, str]
) -> None:
    status, title, sentence = said
    paths = ("/nothing", "/api/v1/nothing")
    if error:
        paths = ("/boom", "/api/v1/boom")
        for route in site.urlpatterns:
            if isinstance(route, URLPattern) and str(route.pattern).endswith("boom"):
                monkeypatch.setattr(route, "callback", raising(error))

    page, api = (browser.get(path) for path in paths)

    assert (page.status_code, api.status_code) == (status, status)
    assert f"<h1>{title}</h1>" in page.text
    assert sentence in page.text
    assert 'href="/">Go to the fleet</a>' in page.text
    assert ('<a class="btn pri" href="/boom">Try again</a>' in page.text) is (status >= 500)
    assert page.text.count("btn pri") == 1
    assert api.json()["ok"] is False
    assert api.json()["error"].startswith(sentence)
    assert "secret detail" not in page.text + api.text
    for response in (page, api):
        assert {name: response[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("error", [RuntimeError(), OperationalError("database or disk is full")])
def test_a_page_that_went_wrong_shows_the_id_that_the_log_has(
    browser: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    logged = []

    def boom(_: HttpRequest) -> HttpResponse:
        logged.append(request_id.get())
        raise error

    for route in site.urlpatterns:
        if isinstance(route, URLPattern) and str(route.pattern) == "boom":
            monkeypatch.setattr(route, "callback", boom)

    page = browser.get("/boom").text

    assert f"Error id {logged[0]}, <time" in page
    assert "Error id" not in browser.get("/nothing").text


def test_an_answer_comes_even_when_the_frame_is_broken(browser: Client, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path  # nothing is built there

    response = browser.get("/boom")

    assert (response.status_code, response["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert response.text.startswith("The hub made a mistake. ")


@pytest.mark.parametrize(("chosen", "stored"), [("dark", "dark"), ("light", "light"), ("blue", ""), ("", "")])
def test_a_chosen_theme_stays_for_a_year_and_is_rendered_by_the_server(
    browser: Client, chosen: str, stored: str
) -> None:
    response = browser.post("/theme", {"theme": chosen, "next": "/?q=kiss"})

    assert (response.status_code, response["Location"]) == (303, "/?q=kiss")
    cookie = browser.cookies["hub_theme"]
    assert (cookie.value, cookie["samesite"], cookie["max-age"], cookie["httponly"]) == (stored, "Lax", 31_536_000, "")
    attribute = f' data-theme="{stored}"' if stored else ""
    assert f'<html lang="en"{attribute} data-zone="Europe/Budapest">' in browser.get("/").text


@pytest.mark.parametrize(
    ("fields", "keys", "refresh"),
    [({"single_keys": "on", "refresh": "on"}, "on", "on"), ({"refresh": "on"}, "off", "on"), ({}, "off", "off")],
)
def test_what_this_browser_does_by_itself_is_its_own_choice(
    browser: Client, fields: dict[str, str], keys: str, refresh: str
) -> None:
    response = browser.post("/browser", {**fields, "next": "/?q=kiss"})
    page = browser.get("/").text

    assert (response.status_code, response["Location"]) == (303, "/?q=kiss")
    assert (browser.cookies["hub_keys"].value, browser.cookies["hub_refresh"].value) == (keys, refresh)
    assert (' data-keys="off"' in page) is (keys == "off")
    assert ('<div class="live paused" id="live">' in page) is (refresh == "off")
    assert ("Resume" in page) is (refresh == "off")


def test_the_theme_is_chosen_by_post_and_leads_to_no_other_site(browser: Client) -> None:
    assert browser.get("/theme").status_code == 405
    assert browser.post("/theme", {"theme": "dark", "next": "//evil.example"})["Location"] == "/"


def test_pages_have_nothing_inline(browser: Client) -> None:
    for page in (browser.get("/").text, browser.get("/nothing").text):
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count('<script src="/static/')


def test_built_files_are_open_cached_for_a_year_and_for_our_own_pages_alone(browser: Client) -> None:
    response = browser.get(asset_path("hub.css"), headers={"Accept-Encoding": "gzip"})

    assert (response.status_code, response["Content-Encoding"]) == (200, "gzip")
    assert response["Cache-Control"] == "max-age=31536000, public"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in response
    assert sum(len(chunk) for chunk in response) < 16_000  # bytes, the design's limit of the packed stylesheet


@pytest.mark.parametrize("bundle", ["customer.js", "forms.js"])
def test_the_scripts_of_a_page_keep_to_the_designs_limit(browser: Client, bundle: str) -> None:
    packed = 0
    for name in ("hub.js", bundle):
        response = browser.get(asset_path(name), headers={"Accept-Encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"
        packed += sum(len(chunk) for chunk in response)

    assert packed < 25_000
