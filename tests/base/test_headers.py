from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

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
