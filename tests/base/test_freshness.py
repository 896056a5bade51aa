from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from felhom_hub.base.freshness import FreshnessMiddleware, refresh_tag

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
PAGE = (
    '<time datetime="2026-03-12T{0}:00:00Z" title="x" data-now>{0}:00:00</time><p>{1}</p>'
    '<time datetime="2026-03-12T09:00:00Z" title="y" data-age>{2} ago</time>'
)


def answer(page: str, *, method: str = "GET", status: int = 200, **headers: str) -> HttpResponse:
    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse(page, status=status)

    request = RequestFactory().generic(method, "/", headers={key.replace("_", "-"): headers[key] for key in headers})
    request.now = NOON  # type: ignore[attr-defined]  # as the arrival does
    return FreshnessMiddleware(view)(request)


def test_the_tag_knows_what_was_said_and_not_when() -> None:
    tag = refresh_tag(PAGE.format("12", "all well", "3 h").encode())

    assert tag == refresh_tag(PAGE.format("13", "all well", "4 h").encode())
    assert tag != refresh_tag(PAGE.format("12", "one is down", "3 h").encode())
    assert tag != refresh_tag(PAGE.format("12", "all well", "3 h").replace("T09", "T10").encode())


def test_a_refresh_of_an_unchanged_page_is_not_sent_again() -> None:
    first = answer(PAGE.format("12", "all well", "3 h"), HX_Request="true")
    again = answer(PAGE.format("13", "all well", "4 h"), HX_Request="true", If_None_Match=first["ETag"])
    changed = answer(PAGE.format("13", "down", "4 h"), HX_Request="true", If_None_Match=first["ETag"])

    assert [first.status_code, again.status_code, changed.status_code] == [200, 304, 200]
    assert (again.content, again["ETag"], again["Hub-Data-Time"]) == (b"", first["ETag"], "2026-03-12T12:00:00+00:00")
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    ("method", "status", "headers"),
    [("GET", 200, {}), ("POST", 200, {"HX_Request": "true"}), ("GET", 404, {"HX_Request": "true"})],
)
def test_other_answers_have_no_tag(method: str, status: int, headers: dict[str, str]) -> None:
    assert "ETag" not in answer("x", method=method, status=status, **headers)
