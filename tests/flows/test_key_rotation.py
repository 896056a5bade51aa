"""A key is rotated beside a running hub: old and new hold in the overlap, and after it the new one alone."""

import json
import time

from tests.servers.hub import Hub
from tests.structure.callers import add_customer, run, run_python

SECONDS = 60.0  # generous: the machine may be busy
_END_OVERLAP = """
import django
django.setup()
from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Credential
assert Credential.objects.exclude(holds_until=None).update(holds_until=utc_now()) == 1
"""
# Without an overlap, so that what is done in part would leave the box without any key.
_KILLED = """
import os, signal
child = os.fork()
if child:
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    raise SystemExit
import django
django.setup()
from datetime import timedelta
from django.db import transaction
from felhom_hub.base.instants import utc_now
from felhom_hub.customers.keys import rotate_key
from felhom_hub.operators.audit import COMMAND_LINE
with transaction.atomic():
    rotate_key("cut-short", overlap=timedelta(0), now=utc_now(), by=COMMAND_LINE)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def statuses(hub: Hub, customer_id: str, key: str) -> list[int]:
    """What a report, an event and a question of the key's bearer are answered."""
    event = json.dumps({"customer_id": customer_id, "event_type": "test"}).encode()
    report = json.dumps({"customer_id": customer_id}).encode()
    return [
        hub.post("/api/v1/report", report, key=key).status,
        hub.post("/api/v1/event", event, key=key).status,
        hub.get(f"/api/v1/customers/{customer_id}", key=key).status,
    ]


def test_both_keys_hold_until_the_overlap_is_over_and_their_use_is_known(hub: Hub) -> None:
    old = add_customer(hub, "rotating")["api_key"]
    assert statuses(hub, "rotating", old) == [200] * 3

    new = json.loads(run(hub, "customer", "rotate-key", "rotating", "--json"))["api_key"]

    assert [statuses(hub, "rotating", key) for key in (old, new)] == [[200] * 3, [200] * 3]
    deadline = time.monotonic() + SECONDS
    used: list[str | None] = []
    while used != ["127.0.0.1", "127.0.0.1"]:
        assert time.monotonic() < deadline, used
        keys = json.loads(run(hub, "customer", "revoke-key", "rotating", "--json"))["keys"]
        used = [key["used_from"] for key in keys]

    run_python(hub, "-c", _END_OVERLAP)

    assert [statuses(hub, "rotating", key) for key in (old, new)] == [[401] * 3, [200] * 3]


def test_a_rotation_that_is_killed_before_its_end_has_not_been(hub: Hub) -> None:
    old = add_customer(hub, "cut-short")["api_key"]

    run_python(hub, "-c", _KILLED)

    assert statuses(hub, "cut-short", old) == [200] * 3
    keys = json.loads(run(hub, "customer", "revoke-key", "cut-short", "--json"))["keys"]
    assert [key["holds_until"] for key in keys] == [None]
    rotated = "SELECT count(*) FROM operators_auditentry WHERE action = 'api_key_rotated' AND customer_id = 'cut-short'"
    assert hub.rows(rotated) == [(0,)]
    new = json.loads(run(hub, "customer", "rotate-key", "cut-short", "--overlap", "0d", "--json"))["api_key"]
    assert [statuses(hub, "cut-short", key) for key in (old, new)] == [[401] * 3, [200] * 3]
