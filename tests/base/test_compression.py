import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from felhom_hub.base.compression import CompressionMiddleware


@pytest.mark.parametrize(("offered", "encoding"), [({}, "gzip"), ({"Accept-Ranges": "bytes"}, None)])
def test_what_offers_parts_is_left_as_it_is(offered: dict[str, str], encoding: str | None) -> None:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    middleware = CompressionMiddleware(lambda _request: HttpResponse())

    answer = middleware.process_response(request, HttpResponse(b"x" * 1000, headers=offered))

    assert answer.get("Content-Encoding") == encoding
