"""Everybody who may knock at a hub's door, with what each brings along; made on a real hub by its own commands."""

import http.client
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

import bcrypt
from tests.servers import forked
from tests.servers.clients import Answer
from tests.servers.hub import API_KEY, Hub

PASSWORD = "correct horse battery staple"
# The lowest cost: what is tested is who may what, not how long a guess takes.
PASSWORD_HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()

_CSRF_FIELD = re.compile(r'name="_csrf" value="([0-9a-f]{64})"')
_REVOKE = """
import sys
import django
django.setup()
from django.db.models import F
from felhom_hub.customers.models import Credential
keys = Credential.objects.filter(kind="api_key", customer__customer_id=sys.argv[1])
sys.exit(keys.update(revoked_at=F("created_at")) != 1)
"""
_WANT = """
import sys
import django
django.setup()
from felhom_hub.base.instants import utc_now
from felhom_hub.configs.hashes import expect_file
from felhom_hub.customers.models import Customer
from felhom_hub.reports.wanted import want_config
expect_file(sys.argv[1])
sys.exit(not want_config(Customer.objects.get(customer_id=sys.argv[1]).pk, now=utc_now()))
"""

OWN, OTHER, BLOCKED, REVOKED = "kovacs-peter", "nagy-anna", "szabo-bela", "toth-eva"


@dataclass(frozen=True)
class Caller:
    """What somebody sends along, and the customer whose data is asked for or brought."""

    name: str
    headers: tuple[tuple[str, str], ...] = ()
    customer_id: str = OWN
    is_operator: bool = False


@dataclass(frozen=True)
class Site:
    """A running hub with its callers by name."""

    hub: Hub
    callers: dict[str, Caller]
    passphrase: str = ""  # of OWN

    def call(
        self, caller: Caller, method: str, path: str, body: bytes | None = None, headers: Iterable[tuple[str, str]] = ()
    ) -> Answer:
        """One request of this caller; the operator gets a session of its own for it, and shows its token."""
        sent = dict(headers) | dict(caller.headers)
        if caller.is_operator:
            sent |= self.signed_in()
        return self.exchange(method, path, body, sent)

    def unlock(self, customer_id: str) -> None:
        """Nobody has tried a retrieval password of the customer."""
        assert self.call(self.callers["operator"], "POST", f"/customers/{customer_id}/unlock", b"").status == 303

    def want_config(self, customer_id: str) -> None:
        """The customer's box has reported, and the operator wants the configuration on it."""
        assert (
            self.hub.post("/api/v1/report", json.dumps({"customer_id": customer_id}).encode()).status == HTTPStatus.OK
        )
        want_config(self.hub, customer_id)

    def take_config(self) -> Answer:
        """OWN's box fetches what the operator wants on it, and says so: the next answer to a report tells no more."""
        path = f"/api/v1/pending/{OWN}/config"
        fetched = self.exchange("GET", path, None, dict(self.callers["own key"].headers))
        done = {"customer_id": OWN, "config_hash": fetched.headers["etag"].strip('"')}
        assert self.hub.post("/api/v1/report", json.dumps(done).encode()).document == {"ok": True}
        return fetched

    def exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """One request on a connection of its own, with exactly these headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.hub.port, timeout=30)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            # A live stream would not end by itself; its first line is enough.
            is_stream = response.headers.get_content_type() == "text/event-stream"
            content = response.readline() if is_stream else response.read()
        finally:
            connection.close()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def signed_in(self) -> dict[str, str]:
        """A session of the operator's, and its token."""
        form = urlencode({"password": PASSWORD}).encode()
        answer = self.exchange("POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == HTTPStatus.SEE_OTHER, answer.body
        cookie = answer.headers["set-cookie"].partition(";")[0]
        page = self.exchange("GET", "/", None, {"Cookie": cookie}).body.decode()
        token = _CSRF_FIELD.search(page)
        assert token is not None, page
        return {"Cookie": cookie, "X-CSRF-Token": token[1]}


def make_site(hub: Hub) -> Site:
    """Four customers, each with a key of its own: one blocked, one whose key is revoked."""
    made = {customer_id: add_customer(hub, customer_id) for customer_id in (OWN, OTHER, BLOCKED, REVOKED)}
    keys = {customer_id: each["api_key"] for customer_id, each in made.items()}
    run(hub, "customer", "block", BLOCKED)
    revoke_key(hub, REVOKED)
    callers = (
        Caller("nobody"),
        Caller("wrong key", _bearer("nobody-has-this-key")),
        Caller("own key", _bearer(keys[OWN])),
        Caller("other's key", _bearer(keys[OTHER])),
        Caller("blocked", _bearer(keys[BLOCKED]), BLOCKED),
        Caller("revoked", _bearer(keys[REVOKED]), REVOKED),
        Caller("global key", _bearer(API_KEY)),
        # There is one role. Where a viewer comes, it is one more caller here and one more column in the matrix.
        # Asks about OTHER, since what an operator wants of a box is told to it later, in the middle of any test.
        Caller("operator", customer_id=OTHER, is_operator=True),
    )
    return Site(hub, {caller.name: caller for caller in callers}, made[OWN]["retrieval_password"])


def want_config(hub: Hub, customer_id: str) -> None:
    """The operator wants the hub's file on the customer's box, which has reported."""
    run_python(hub, "-c", _WANT, customer_id)


def add_customer(hub: Hub, customer_id: str) -> dict[str, str]:
    """There is such a customer; what was printed of its secrets."""
    name = f"Customer {customer_id}"
    domain, email = f"{customer_id}.example.hu", f"{customer_id}@example.hu"
    written = run(hub, "customer", "add", customer_id, "--name", name, "--domain", domain, "--email", email, "--json")
    secrets: dict[str, str] = json.loads(written)
    return secrets


def revoke_key(hub: Hub, customer_id: str) -> None:
    """The customer's key holds no longer; done beside the running hub, as another process would."""
    run_python(hub, "-c", _REVOKE, customer_id)


def run(hub: Hub, *arguments: str) -> str:
    """What the command of `felhom-hub` prints; it must succeed."""
    return run_python(hub, "-m", "felhom_hub.cli", *arguments)


def run_python(hub: Hub, *arguments: str) -> str:
    """What Python prints that is run beside the hub, with its settings; it must succeed."""
    done = forked.run([sys.executable, *arguments], env=_beside(hub))
    assert done.returncode == 0, done.stderr
    return done.stdout


def start_python(hub: Hub, *arguments: str) -> forked.Process:
    """Python, running beside the hub, with its settings; what it prints is gone."""
    return forked.start([sys.executable, *arguments], env=_beside(hub))


def _beside(hub: Hub) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "felhom_hub.project.settings",
        "FELHOM_HUB_CONFIG": str(hub.directory / "hub.yaml"),
    }


def _bearer(key: str) -> tuple[tuple[str, str], ...]:
    return (("Authorization", f"Bearer {key}"),)
