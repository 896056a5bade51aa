"""Everything is sealed with a new key while a hub serves, and the command is killed in the middle of it."""

import json
import time
from collections.abc import Callable
from urllib.parse import quote

from tests.servers.hub import Hub
from tests.structure.callers import run_python, start_python

CUSTOMERS = 2000
ENVELOPES = 3 * CUSTOMERS
SECONDS = 120.0  # generous: the machine may be busy

_PLANT = """
import django
django.setup()
from django.db import transaction
from felhom_hub.base.instants import utc_now
from felhom_hub.customers.credentials import make_secrets
from felhom_hub.customers.models import Customer
import sys
with transaction.atomic():
    for number in range(int(sys.argv[1])):
        customer = Customer.objects.create(
            customer_id=f"c{number}", name="N", domain="n.hu", email="n@n.hu", is_managed=True, created_at=utc_now()
        )
        secrets = make_secrets(customer, now=utc_now())
        if number in (0, int(sys.argv[1]) - 1):
            print(secrets.retrieval_password)
"""
_OPEN_ALL = """
import django
django.setup()
from felhom_hub.base.secrets import open_text
from felhom_hub.customers.credentials import purpose_of
from felhom_hub.customers.models import Credential
rows = Credential.objects.values_list("kind", "customer__customer_id", "envelope")
print(sum(bool(open_text(envelope, purpose=purpose_of(kind, name))) for kind, name, envelope in rows))
"""


def fetch(hub: Hub, customer_id: str, passphrase: str) -> int:
    """The status of the answer to a box that fetches its configuration."""
    return hub.request("GET", f"/api/v1/config/{customer_id}", key=None, X_Retrieval_Password=quote(passphrase)).status


def sealed_with(hub: Hub, key_id: str) -> int:
    envelopes = hub.rows("SELECT substr(envelope, 1, 40) FROM customers_credential")
    return sum(envelope.split(":")[1] == key_id for (envelope,) in envelopes)


def key_ids(hub: Hub) -> list[str]:
    return [line.partition(":")[0] for line in (hub.data_dir / "secret.keys").read_text().splitlines()]


def test_a_rotation_that_is_killed_leaves_everything_readable_and_is_ended_later(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub()
    hub.start()
    passphrases = run_python(hub, "-c", _PLANT, str(CUSTOMERS)).split()
    (old,) = key_ids(hub)

    def fetched() -> list[int]:
        """The first and the last customer's boxes fetch their configuration of the serving hub."""
        return [
            fetch(hub, f"c{number}", passphrase)
            for number, passphrase in zip((0, CUSTOMERS - 1), passphrases, strict=True)
        ]

    assert fetched() == [200, 200]
    killed = start_python(hub, "-m", "felhom_hub.cli", "rotate-key")
    deadline = time.monotonic() + SECONDS
    while (left := sealed_with(hub, old)) == ENVELOPES:
        assert killed.poll() is None
        assert time.monotonic() < deadline
    killed.kill()
    killed.wait(SECONDS)

    new, *others = key_ids(hub)
    assert others == [old]
    left = sealed_with(hub, old)
    assert 0 < left < ENVELOPES
    assert sealed_with(hub, new) == ENVELOPES - left
    assert fetched() == [200, 200]
    assert run_python(hub, "-c", _OPEN_ALL) == f"{ENVELOPES}\n"

    done = json.loads(run_python(hub, "-m", "felhom_hub.cli", "rotate-key", "--json"))

    assert done == {"active_key": new, "made_key": None, "resealed": left, "unreadable": 0, "unused_keys": [old]}
    path = hub.data_dir / "secret.keys"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    assert fetched() == [200, 200]


def test_a_hub_that_serves_opens_and_seals_with_a_key_that_was_added_meanwhile(new_hub: Callable[..., Hub]) -> None:
    hub = new_hub()
    hub.start()
    passphrases = run_python(hub, "-c", _PLANT, "1").split()
    run_python(hub, "-m", "felhom_hub.cli", "rotate-key")
    new, old = key_ids(hub)
    assert (sealed_with(hub, new), sealed_with(hub, old)) == (3, 0)

    assert fetch(hub, "c0", passphrases[0]) == 200
    assert hub.post("/api/v1/infra-backup", b'{"customer_id": "c0"}').status == 200

    assert [row[0].split(":")[1] for row in hub.rows("SELECT envelope FROM recovery_infrabackup")] == [new]
