"""What goes wrong for somebody is found in the log of a real hub by the id that the answer had."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.servers.hub import Hub, running_hub

REPORT = json.dumps({"customer_id": "kovacs-peter"}).encode()
MADE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{4}")


@pytest.fixture(scope="module")
def broken_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub behind a trusted proxy, whose reports and events have nowhere to go."""
    settings = {"server.trusted_proxies": ["127.0.0.1/32"], "auth.password_hash": ""}
    with running_hub(tmp_path_factory.mktemp("broken"), settings=settings) as hub:
        for table in ("reports_report", "events_event"):
            hub.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        yield hub


def lines_of(hub: Hub, request_id: str) -> list[dict[str, Any]]:
    """The log's lines that have the id in one of the two fields for it."""
    documents = [json.loads(line) for line in hub.log.splitlines() if line.startswith("{")]
    return [each for each in documents if request_id in (each.get("request_id"), *each.get("request_ids", ()))]


@pytest.mark.parametrize("path", ["/", "/livez", "/api/v1/customers", "/api/v1/openapi.json", "/nothing-of-this-name"])
def test_every_answer_has_an_id(broken_hub: Hub, path: str) -> None:
    made, given = broken_hub.get(path), broken_hub.request("GET", path, X_Request_ID="7f3d-of-the-proxy")

    assert MADE.fullmatch(made.headers["x-request-id"])
    assert given.headers["x-request-id"] == "7f3d-of-the-proxy"


def test_what_the_writer_could_not_store_is_in_the_log_under_the_requests_id(broken_hub: Hub) -> None:
    answer = broken_hub.post("/api/v1/report", REPORT, X_Request_ID="report-of-the-proxy")

    assert (answer.status, answer.headers["x-request-id"]) == (503, "report-of-the-proxy")
    (line,) = lines_of(broken_hub, "report-of-the-proxy")
    assert (line["event"], line["request_ids"]) == ("database_unavailable", ["report-of-the-proxy"])


def test_a_page_that_failed_shows_the_id_of_its_lines(broken_hub: Hub) -> None:
    answer = broken_hub.get("/events")

    request_id = answer.headers["x-request-id"]
    lines = lines_of(broken_hub, request_id)
    assert answer.status >= 500
    assert f"Error id {request_id}" in answer.body.decode()
    assert lines
    assert {line["request_id"] for line in lines} == {request_id}
