import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from structlog.testing import capture_logs
from tests.asgi import Answer, call, run, scope_of

from felhom_hub.base.endpoint import (
    ClientGoneError,
    Receive,
    Scope,
    Send,
    asgi_endpoint,
    error_document,
    header,
    json_endpoint,
    json_response,
    send_json,
    to_json,
)
from felhom_hub.base.errors import (
    ApiError,
    BadRequest,
    Conflict,
    Forbidden,
    Impossible,
    NotFound,
    TooLarge,
    TooMany,
    Unauthorized,
    Unavailable,
    UnsupportedEncoding,
)

REFUSALS: list[tuple[ApiError, int, dict[str, str]]] = [
    (BadRequest("No."), 400, {}),
    (Unauthorized("No."), 401, {"www-authenticate": "Bearer"}),
    (Forbidden("No."), 403, {}),
    (NotFound("No."), 404, {}),
    (Conflict("No."), 409, {}),
    (TooLarge("No."), 413, {}),
    (UnsupportedEncoding("No."), 415, {}),
    (Impossible("No."), 422, {}),
    (TooMany("No.", retry_after=7), 429, {"retry-after": "7"}),
    (Unavailable("No.", retry_after=9), 503, {"retry-after": "9"}),
]


def endpoint_that_raises(error: Exception) -> Any:
    @asgi_endpoint("POST")
    async def endpoint(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise error

    return endpoint


@asgi_endpoint("GET", "HEAD")
async def hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Says hello."""
    await send_json(send, {"ok": True, "name": "Kovács"}, status=201, headers=[("X-Extra", "1")])


def test_an_answer_is_utf8_json_with_its_length() -> None:
    body = '{"ok":true,"name":"Kovács"}'.encode()

    assert run(call(hello)) == Answer(
        201, {"content-type": "application/json; charset=utf-8", "x-extra": "1", "content-length": str(len(body))}, body
    )


@pytest.mark.parametrize(("error", "status", "headers"), REFUSALS)
def test_a_raw_endpoint_answers_every_refusal_in_the_one_shape(
    error: ApiError, status: int, headers: dict[str, str]
) -> None:
    body = b'{"ok":false,"error":"No."}'
    expected = {"content-type": "application/json; charset=utf-8", **headers, "content-length": str(len(body))}

    assert run(call(endpoint_that_raises(error), "POST")) == Answer(status, expected, body)


@pytest.mark.parametrize(("error", "status", "headers"), REFUSALS)
def test_a_view_answers_every_refusal_in_the_one_shape(error: ApiError, status: int, headers: dict[str, str]) -> None:
    @json_endpoint("GET")
    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    response = view(RequestFactory().get("/"))

    assert response.status_code == status
    assert json.loads(response.content) == {"ok": False, "error": "No."}
    assert {name.lower(): value for name, value in response.items()} == {
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        **headers,
    }


def test_another_method_is_refused_with_those_that_are_possible() -> None:
    answer = run(call(hello, "DELETE"))

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"ok": False, "error": "DELETE is not possible here; use GET, HEAD"}


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("POST", 405), ("OPTIONS", 405)])
def test_a_view_takes_head_wherever_it_takes_get(method: str, status: int) -> None:
    @json_endpoint("GET")
    def view(_request: HttpRequest) -> HttpResponse:
        return json_response({"ok": True})

    assert view(RequestFactory().generic(method, "/")).status_code == status


def test_a_view_that_only_takes_post_does_not_take_head() -> None:
    @json_endpoint("POST")
    def view(_request: HttpRequest) -> HttpResponse:
        return json_response({"ok": True})

    response = view(RequestFactory().head("/"))

    assert (response.status_code, response["Allow"]) == (405, "POST")


def test_what_a_raw_endpoint_did_not_foresee_is_logged_and_answered_without_details() -> None:
    with capture_logs() as logged:
        answer = run(call(endpoint_that_raises(ZeroDivisionError("secret")), "POST", "/api/v1/report"))

    assert (answer.status, answer.json()) == (
        500,
        {"ok": False, "error": "The hub failed at this; the cause is in its log"},
    )
    assert [(entry["event"], entry["path"]) for entry in logged] == [("endpoint_failed", "/api/v1/report")]


def test_a_client_that_is_gone_is_the_guards_business() -> None:
    with pytest.raises(ClientGoneError):
        run(call(endpoint_that_raises(ClientGoneError("gone")), "POST"))


def test_a_header_is_found_by_its_name() -> None:
    scope = scope_of(headers={"X-One": "é", "X-Two": ""})

    assert [header(scope, name) for name in (b"x-one", b"x-two", b"x-three")] == ["é", "", None]


def test_the_first_of_two_equal_headers_counts() -> None:
    assert header({"headers": [(b"a", b"1"), (b"a", b"2")]}, b"a") == "1"


def test_documents_are_written_without_escapes() -> None:
    assert to_json(error_document("Kovács ☂")) == '{"ok":false,"error":"Kovács ☂"}'.encode()
