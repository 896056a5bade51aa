from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DataError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from felhom_hub.base import storage
from felhom_hub.base.secrets import UnknownKey
from felhom_hub.base.storage import intake_refusal, watch_intake

FULL = "database or disk is full"
ERRORS = {
    "full": OperationalError(FULL),
    "read-only": OperationalError("attempt to write a readonly database"),
    "replica": InternalError("cannot execute UPDATE in a read-only transaction"),
    "locked": OperationalError("database is locked"),
    "mistake": OperationalError("no such column: oops"),
    "value": DataError("malformed array literal"),
    "bug": ZeroDivisionError(),
    "sealed": UnknownKey('A stored secret was sealed with the key "k1", which this hub does not have'),
}


def fails(request: HttpRequest) -> HttpResponse:
    raise ERRORS[request.GET["with"]]


urlpatterns = [path("fails", fails), path("api/fails", fails)]
handler500 = "felhom_hub.base.pages.server_error"


@pytest.fixture(autouse=True)
def nothing_watched() -> Iterator[None]:
    before = list(storage._watched)
    storage._watched.clear()
    yield
    storage._watched[:] = before


@pytest.fixture
def site(settings: Any, browser: Any) -> Any:
    settings.ROOT_URLCONF = __name__
    browser.raise_request_exception = False
    return browser


@pytest.mark.parametrize(
    ("fault", "reason", "next_step"),
    [
        ("full", "the disk is full", "Make room on the hub&#x27;s disk. Then try again."),
        ("read-only", "it is read-only", "Mount it again."),
        ("replica", "it is read-only", "Mount it again."),
        ("locked", "it is locked", "Another process holds the database"),
    ],
)
def test_a_change_that_cannot_be_stored_says_what_did_not_happen_and_why(
    site: Any, fault: str, reason: str, next_step: str
) -> None:
    response = site.post(f"/fails?with={fault}", {"_csrf": site.csrf})
    page = response.content.decode()

    assert response.status_code == 503
    assert 5 <= int(response["Retry-After"]) <= 60
    assert "<h1>This was not stored</h1>" in page
    assert f"The database cannot be written now: {reason}." in page
    assert "Nothing was changed." in page
    assert next_step in page


def test_a_page_that_cannot_be_read_says_so(site: Any) -> None:
    response = site.get("/fails?with=full")

    assert response.status_code == 503
    assert "<h1>This page cannot be shown now</h1>" in response.content.decode()


def test_under_the_api_it_is_the_one_json_shape(site: Any) -> None:
    response = site.get("/api/fails?with=full")

    assert (response.status_code, response.json()) == (
        503,
        {"ok": False, "error": "The database cannot be read now: the disk is full."},
    )


def test_a_secret_that_does_not_open_says_which_key_is_missing_to_the_operator_alone(site: Any) -> None:
    page, answer = site.get("/fails?with=sealed"), site.get("/api/fails?with=sealed")

    assert (page.status_code, answer.status_code) == (503, 503)
    assert "the key &quot;k1&quot;" in page.content.decode()
    assert answer.json() == {
        "ok": False,
        "error": "The hub cannot open what it keeps sealed for this customer now; its log says why",
    }
    assert 5 <= int(answer.headers["Retry-After"]) <= 60


@pytest.mark.parametrize("fault", ["value", "bug"])
def test_any_other_failure_is_the_hubs_own_mistake(site: Any, fault: str) -> None:
    assert site.get(f"/fails?with={fault}").status_code == 500


def test_a_mistake_in_a_statement_is_no_trouble_of_the_disk_and_a_lost_server_is(site: Any) -> None:
    assert site.get("/fails?with=mistake").status_code == {"sqlite": 500, "postgresql": 503}[connection.vendor]


def test_middleware_that_cannot_read_the_session_answers_the_same(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_named: object) -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr("felhom_hub.operators.access.operator_of", away)

    response = site.get("/fails?with=full")

    assert response.status_code == 503
    assert "The database cannot be read now: it cannot be opened." in response.content.decode()


def test_every_page_tells_while_the_intake_refuses_and_no_longer(browser: Any) -> None:
    reasons: list[str | None] = ["the disk is full", None]
    watch_intake(lambda: reasons[0])

    refused = browser.get("/").content.decode()
    reasons.pop(0)
    well = browser.get("/").content.decode()

    assert "<h2>Reports are refused: the disk is full</h2>" in refused
    assert "Make room on the hub&#x27;s disk" in refused
    assert '<div id="intake" class="band" data-refresh></div>' in well


def test_nobody_but_the_operator_is_told(client: Any, db: None) -> None:  # noqa: ARG001 - the page asks it
    watch_intake(lambda: "the disk is full")

    assert "refused" not in client.get("/login", headers={"host": "localhost"}).content.decode()


def test_the_newest_server_is_asked() -> None:
    assert intake_refusal() is None
    watch_intake(lambda: "it is locked")
    watch_intake(lambda: None)
    assert intake_refusal() is None
