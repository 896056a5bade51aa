"""Two hubs on one database: each event is told once, whichever of them took it and whichever delivers."""

import uuid
from collections import Counter
from pathlib import Path

import pytest
from tests.servers.hub import Hub, running_hub
from tests.servers.own_database import make_database
from tests.servers.resend import KEY, running_resend

EVENTS = 40


@pytest.mark.usefixtures("database_server")
def test_two_hubs_deliver_each_message_once(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    url = make_database(pytestconfig, f"mail_{uuid.uuid4().hex[:8]}")
    if url is None:
        pytest.skip("a SQLite file has one hub; several replicas share a PostgreSQL")
    with running_resend() as provider:
        settings: dict[str, object] = {
            "notifications.operator_email": "operator@example.org",
            "notifications.resend_api_key": KEY,
            "notifications.resend_api_url": provider.url,
            "database.url": url,
        }
        with (
            running_hub(tmp_path / "first", settings=settings) as first,
            running_hub(tmp_path / "second", settings=settings) as second,
        ):
            for number in range(EVENTS):
                report(first if number % 2 else second, number)
            first.wait_until(lambda: len(provider.accepted) == EVENTS, "every message is sent")

    assert set(Counter(each["key"] for each in provider.requests).values()) == {1}
    assert len({each["body"]["subject"] for each in provider.requests}) == EVENTS


def report(hub: Hub, number: int) -> None:
    body = f'{{"customer_id": "c{number}", "event_type": "backup_failed"}}'.encode()
    assert hub.post("/api/v1/event", body).status == 200
