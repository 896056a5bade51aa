import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from tests.build import GLOBAL_KEY, incoming, record

from felhom_hub.base.headers import HEADERS, HeadersMiddleware


def test_every_answer_has_them_and_a_view_may_set_its_own() -> None:
    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse("x", headers={"Cache-Control": "private, max-age=3600"})

    response = HeadersMiddleware(view)(RequestFactory().get("/"))

    expected = {**HEADERS, "Cache-Control": "private, max-age=3600"}
    assert {name: response[name] for name in HEADERS} == expected


def test_nothing_inline_and_nothing_foreign_is_allowed() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path", ["/", "/customers/kovacs-peter", "/api/v1/customers", "/api/v1/customers/kovacs-peter"]
)
def test_no_cache_may_store_an_ordinary_page_or_answer(browser: Client, path: str) -> None:
    record([incoming("kovacs-peter")])

    answer = browser.get(path, headers={"authorization": f"Bearer {GLOBAL_KEY}"} if "/api/" in path else {})

    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert b"kovacs-peter" in answer.content
