"""Nothing holds up the look for silence: neither a mail provider that hangs nor a job that takes long."""

import time
from datetime import timedelta
from pathlib import Path

from tests.build import report_body
from tests.servers.hub import Hub, running_hub
from tests.servers.resend import KEY, running_resend

EVENT = b'{"customer_id": "kovacs-peter", "event_type": "backup_failed", "message": "hdd1 is full"}'
SILENT_MS = timedelta(minutes=31) // timedelta(milliseconds=1)
RUNNING = "SELECT count(*) FROM base_job WHERE name = 'notify.deliver_messages' AND lease_until IS NOT NULL"


def looked_at(hub: Hub) -> int:
    """When the last look for silence ended well, in milliseconds."""
    rows = hub.rows("SELECT succeeded_at FROM base_job WHERE name = 'watch.look_for_silence'")
    return int(rows[0][0] or 0) if rows else 0


def test_a_server_that_falls_silent_is_found_while_the_mail_provider_hangs(tmp_path: Path) -> None:
    with running_resend() as provider:
        provider.behave("hang", "hang")
        settings: dict[str, object] = {
            "alerting.check_interval": "1s",
            "notifications.operator_email": "operator@example.org",
            "notifications.resend_api_key": KEY,
            "notifications.resend_api_url": provider.url,
        }
        with running_hub(tmp_path, settings=settings) as hub:
            assert hub.post("/api/v1/report", report_body()).status == 200
            hub.wait_until(lambda: hub.rows("SELECT level FROM watch_nodelevel") == [("heard",)], "it was looked at")
            assert hub.post("/api/v1/event", EVENT).status == 200
            hub.wait_until(lambda: len(provider.requests) == 1, "the provider is asked")
            hung_at, begun = time.time() * 1000, looked_at(hub)

            hub.execute(f"UPDATE reports_nodestate SET last_received_at = last_received_at - {SILENT_MS}")  # noqa: S608 - a number of ours
            hub.wait_until(lambda: looked_at(hub) > max(hung_at, begun) + 2000, "it looked again and again")

            silent = "SELECT event_type FROM events_event WHERE source = 'hub'"
            assert hub.rows(silent) == [("node_stale",)]
            assert hub.rows(RUNNING) == [(1,)]
            assert (len(provider.requests), len(provider.accepted)) == (1, 0)
