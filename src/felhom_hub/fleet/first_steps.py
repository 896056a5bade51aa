"""The page `/setup`: what is done and what is missing until the hub looks after servers, each step from a fact."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from felhom_hub.customers.models import Credential, Customer
from felhom_hub.reports.models import NodeState


@dataclass(frozen=True)
class Step:
    """`lines` belong into hub.yaml; `command` is for the hub's machine; both may be empty."""

    title: str
    is_done: bool
    text: str
    lines: str = ""
    command: str = ""


@dataclass(frozen=True)
class FirstSteps:
    """The steps in their order; the first one that is not done is the one that is open."""

    steps: list[Step]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def current(self) -> Step | None:
        """The step that is open now; None when all are done."""
        return next((step for step in self.steps if not step.is_done), None)


def first_steps(*, database: str) -> FirstSteps:
    """The steps as they are now; `database` is its kind and version in words."""
    hub = settings.HUB
    has_own_key = Credential.objects.filter(kind=Credential.Kind.API_KEY, revoked_at=None).exists()
    return FirstSteps(
        [
            Step("The hub runs", True, f"{database} in {hub.server.data_dir} answers."),
            _password(hub.auth.password_hash),
            _address(hub.server.public_url),
            _proxy(hub.server),
            _key(hub.api.report_api_key, has_own_key=has_own_key),
            _customer(Customer.objects.exists()),
            _report(NodeState.objects.exists()),
        ]
    )


def _password(password_hash: str | None) -> Step:
    title = "Set a password of your own"
    if password_hash:
        return Step(title, True, "hub.yaml holds the hash of one.")
    why = "Sign-in is off" if password_hash == "" else "The hub made one at its first start"
    return Step(
        title,
        False,
        f"{why}. Make a hash with the command below, put it into hub.yaml and restart.",
        'auth:\n  password_hash: "$2b$12$…"',
        "felhom-hub hash-password",
    )


def _address(public_url: str) -> Step:
    title = "Tell the hub its address"
    if public_url:
        return Step(title, True, f"It is {public_url}.")
    lines = "server:\n  public_url: https://hub.example.org"
    return Step(title, False, "Set-up commands name it, and forms are taken from it. Put it into hub.yaml.", lines)


def _proxy(server: Any) -> Step:
    title = "Name the proxy in front of the hub"
    if server.trusted_proxies:
        return Step(title, True, f"Trusted: {', '.join(map(str, server.trusted_proxies))}.")
    if server.public_url.startswith("http://"):
        return Step(title, True, "There is none: the hub is reached over plain http.")
    lines = "server:\n  trusted_proxies: [127.0.0.1]"
    return Step(title, False, "TLS is the proxy’s business. Until it is named, everybody seems to come from it.", lines)


def _key(global_key: str, *, has_own_key: bool) -> Step:
    title = "Have a key for reports"
    if global_key:
        return Step(title, True, "A shared key is set; customers may have keys of their own beside it.")
    if has_own_key:
        return Step(title, True, "There is no shared key; customers have keys of their own.")
    lines = 'api:\n  report_api_key: "a-long-random-text"'
    return Step(title, False, "Set a shared key, or go on: each new customer gets a key of its own.", lines)


def _customer(is_there: bool) -> Step:
    title = "Add the first customer"
    if is_there:
        return Step(title, True, "There is at least one.")
    text = "It gets a key and a retrieval passphrase. Servers that report with the shared key appear by themselves."
    command = 'felhom-hub customer add kovacs-peter --name "Kovács Péter" --domain kovacs.hu --email peter@kovacs.hu'
    return Step(title, False, text, command=command)


def _report(is_there: bool) -> Step:
    title = "Receive the first report"
    if is_there:
        return Step(title, True, "At least one server has reported.")
    return Step(title, False, "Start the controller on the server. Its first report comes with its start.")
