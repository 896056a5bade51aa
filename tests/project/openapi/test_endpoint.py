import asyncio
import json
from typing import Any

import pytest

from felhom_hub.project.openapi.document import openapi_document
from felhom_hub.project.openapi.endpoint import openapi_endpoint


def answer_to(method: str) -> tuple[dict[str, Any], bytes]:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/api/v1/openapi.json", "headers": []}

    async def ask() -> None:
        await openapi_endpoint()(scope, receive, send)

    asyncio.run(ask())
    start, body = sent
    return {"status": start["status"], **{k.decode(): v.decode() for k, v in start["headers"]}}, body["body"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_document_is_public_json_that_may_be_kept_for_minutes(method: str) -> None:
    answer, body = answer_to(method)

    assert answer == {
        "status": 200,
        "content-type": "application/json; charset=utf-8",
        "cache-control": "public, max-age=300",
        "content-length": str(len(body)),
    }
    assert json.loads(body) == json.loads(json.dumps(openapi_document()))


def test_other_methods_are_refused() -> None:
    answer, _ = answer_to("POST")

    assert (answer["status"], answer["allow"]) == (405, "GET, HEAD")
