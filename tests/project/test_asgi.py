import json

import pytest
from tests.asgi import Answer, call, run

from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, send_json
from felhom_hub.project.asgi import DJANGO_BODY_BYTES, UPLOAD_BODY_BYTES, django_app, routed


def saying(word: str) -> AsgiApp:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        await send_json(send, [word, scope["path"]])

    return app


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/api/v1/report", "raw"),
        ("/api/v1/report/", "rest"),
        ("/api/v1/reports", "rest"),
        ("/API/v1/report", "rest"),
        ("/", "rest"),
        ("", "rest"),
    ],
)
def test_raw_endpoint_has_its_exact_path_and_all_else_is_the_rest(path: str, word: str) -> None:
    app = routed({"/api/v1/report": saying("raw")}, saying("rest"))

    assert run(call(app, path=path)).json() == [word, path]


def test_headers_too_large_reach_no_endpoint() -> None:
    app = routed({"/raw": saying("raw")}, saying("rest"))

    assert [run(call(app, path=path, headers={"x": "y" * 100_000})).status for path in ("/raw", "/")] == [431, 431]


def test_django_answers_in_a_thread_of_its_pool() -> None:
    answer: Answer = run(call(django_app(), path="/api/v1/customers"))

    assert (answer.status, json.loads(answer.body)["ok"]) == (401, False)


def test_body_too_large_for_django_is_refused() -> None:
    app = routed({}, django_app())

    assert run(call(app, "POST", "/login", body=b"x" * (DJANGO_BODY_BYTES + 1))).status == 413


def test_upload_of_an_asset_may_be_larger_and_has_its_own_limit() -> None:
    app = routed({}, django_app())
    sizes = (DJANGO_BODY_BYTES + 1, UPLOAD_BODY_BYTES + 1)

    assert [run(call(app, "POST", "/assets", body=b"x" * size)).status for size in sizes] == [302, 413]
    assert run(call(app, "POST", "/assets/refresh", body=b"x" * sizes[0])).status == 413
