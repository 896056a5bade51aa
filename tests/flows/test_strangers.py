"""No key and no configuration leaves for a stranger, whatever a report says that the controller's address is.

One server listens on every address of this machine and keeps every byte. Each form is tried as reported by a managed
and a manual customer, and once more as if the operator had confirmed it in error.
"""

import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
import urllib3
from pytest_django import Settings
from tests.build import NOW, incoming, make_customer, record
from tests.servers.names import resolving_to
from tests.servers.recorder import Recorder, running_recorder

from felhom_hub.base import outbound
from felhom_hub.base.errors import Impossible
from felhom_hub.boxes.carry import carry_out_due
from felhom_hub.boxes.models import Call
from felhom_hub.controllers.client import CallFailed, apply_config, read_config, start_update
from felhom_hub.controllers.confirm import confirm_host
from felhom_hub.controllers.hosts import HostNotTrusted
from felhom_hub.controllers.queries import target_for
from felhom_hub.customers.credentials import make_secrets
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import Actor

pytestmark = pytest.mark.on_one_database

KATA = Actor("kata", "192.0.2.7")
KEY = "k3y-0123456789abcdef0123456789abcdef"
YAML = b"customer:\n  id: anna\nweb:\n  session_secret: c0nfigured-0123456789\n"
OWN = "felhom.anna.example.hu"  # under the customer's domain

# The address as reported, and what the DNS says of its name; None: this machine's own resolver answers.
ATTACKS: dict[str, tuple[str, str | None]] = {
    "another host": ("http://evil.example:{port}", "127.0.0.1"),
    "another host's name that ends alike": ("http://evilanna.example.hu:{port}", "127.0.0.1"),
    "the domain as another's subdomain": ("http://anna.example.hu.evil.example:{port}", "127.0.0.1"),
    "the parent of the domain": ("http://example.hu:{port}", "127.0.0.1"),
    "this machine by name": ("http://localhost:{port}", None),
    "this machine by name, with a dot": ("http://localhost.:{port}", None),
    "own name, loopback": (f"http://{OWN}:{{port}}", "127.0.0.1"),
    "own name with a dot": (f"http://{OWN}.:{{port}}", "127.0.0.1"),
    "own name with two dots": (f"http://{OWN}..:{{port}}", "127.0.0.1"),
    "own name, elsewhere in loopback": (f"http://{OWN}:{{port}}", "127.8.8.8"),
    "own name, unspecified": (f"http://{OWN}:{{port}}", "0.0.0.0"),  # noqa: S104 - an attack
    "own name, IPv6 loopback": (f"http://{OWN}:{{port}}", "::1"),
    "own name, IPv6 unspecified": (f"http://{OWN}:{{port}}", "::"),
    "own name, mapped": (f"http://{OWN}:{{port}}", "::ffff:127.0.0.1"),
    "own name, compatible": (f"http://{OWN}:{{port}}", "::127.0.0.1"),
    "own name, NAT64": (f"http://{OWN}:{{port}}", "64:ff9b::127.0.0.1"),
    "own name, local NAT64": (f"http://{OWN}:{{port}}", "64:ff9b:1::127.0.0.1"),
    "own name, 6to4": (f"http://{OWN}:{{port}}", "2002:7f00:1::1"),
    "own name, Teredo": (f"http://{OWN}:{{port}}", "2001:0:7f00:1::80ff:fffe"),
    "own name, ISATAP": (f"http://{OWN}:{{port}}", "2a00:1450::5efe:127.0.0.1"),
    "own name, metadata": (f"http://{OWN}:{{port}}", "169.254.169.254"),
    "own name, metadata by NAT64": (f"http://{OWN}:{{port}}", "64:ff9b::a9fe:a9fe"),
    "own name, private 10": (f"http://{OWN}:{{port}}", "10.0.0.5"),
    "own name, private 172": (f"http://{OWN}:{{port}}", "172.16.0.5"),
    "own name, private 192": (f"http://{OWN}:{{port}}", "192.168.0.5"),
    "own name, carrier-grade NAT": (f"http://{OWN}:{{port}}", "100.64.0.5"),
    "own name, multicast": (f"http://{OWN}:{{port}}", "224.0.0.1"),
    "own name, broadcast": (f"http://{OWN}:{{port}}", "255.255.255.255"),
    "own name, IPv6 private": (f"http://{OWN}:{{port}}", "fd00::5"),
    "own name, IPv6 link-local": (f"http://{OWN}:{{port}}", "fe80::5"),
    "user info": (f"http://{OWN}@127.0.0.1:{{port}}", None),
    "user info with a word": (f"http://{OWN}:80@127.0.0.1:{{port}}", None),
    "user info behind a backslash": (f"http://127.0.0.1:{{port}}\\@{OWN}", None),
    "user info, empty": ("http://@127.0.0.1:{port}", None),
    "dotted": ("http://127.0.0.1:{port}", None),
    "dotted, with a dot": ("http://127.0.0.1.:{port}", None),
    "short": ("http://127.1:{port}", None),
    "zero": ("http://0:{port}", None),
    "decimal": ("http://2130706433:{port}", None),
    "octal": ("http://017700000001:{port}", None),
    "octal, dotted": ("http://0177.0.0.1:{port}", None),
    "hexadecimal": ("http://0x7f000001:{port}", None),
    "hexadecimal, dotted": ("http://0x7f.0x0.0x0.0x1:{port}", None),
    "full-width digits": ("http://\uff11\uff12\uff17.\uff10.\uff10.\uff11:{port}", None),
    "full-width dots": ("http://127\uff0e0\uff0e0\uff0e1:{port}", None),
    "ideographic dots": ("http://127\u30020\u30020\u30021:{port}", None),
    "circled digits": ("http://\u2460\u2461\u2466.0.0.1:{port}", None),
    "full-width letters": ("http://\uff4c\uff4fcalhost:{port}", None),
    "soft hyphen": ("http://local\u00adhost:{port}", None),
    "Cyrillic a": ("http://felhom.\u0430nna.example.hu:{port}", "127.0.0.1"),
    "percent": ("http://%6cocalhost:{port}", None),
    "percent, dotted": ("http://127%2e0.0.1:{port}", None),
    "IPv6": ("http://[::1]:{port}", None),
    "IPv6, long": ("http://[0:0:0:0:0:0:0:1]:{port}", None),
    "IPv6 unspecified": ("http://[::]:{port}", None),
    "mapped": ("http://[::ffff:127.0.0.1]:{port}", None),
    "mapped, hexadecimal": ("http://[::ffff:7f00:1]:{port}", None),
    "mapped, elsewhere in loopback": ("http://[::ffff:127.8.8.8]:{port}", None),
    "compatible": ("http://[::127.0.0.1]:{port}", None),
    "NAT64": ("http://[64:ff9b::127.0.0.1]:{port}", None),
    "6to4": ("http://[2002:7f00:1::1]:{port}", None),
    "Teredo": ("http://[2001:0:7f00:1::80ff:fffe]:{port}", None),
    "zone": ("http://[::1%lo]:{port}", None),
    "zone, escaped": ("http://[::1%25lo]:{port}", None),
    "port 0": ("http://127.0.0.1:0{port}", None),
    "full-width port": ("http://127.0.0.1:\uff11{port}", None),
    "no host": ("http://:{port}", None),
    "space before": (" http://127.0.0.1:{port}", None),
    "line break": ("http://127.0.0.1:{port}\r\nX-A: b", None),
    "backslashes": ("http:\\\\127.0.0.1:{port}", None),
    "one slash": ("http:/127.0.0.1:{port}", None),
    "no scheme": ("127.0.0.1:{port}", None),
    "question mark": (f"http://127.0.0.1:{{port}}?.{OWN}", None),
    "fragment": (f"http://127.0.0.1:{{port}}#.{OWN}", None),
    "capitals": ("HTTP://LOCALHOST:{port}", None),
}
# One of each kind; the page hands an address to the same rules as `attempt_all`, which is asked for all of them.
BY_BUTTON = {
    "another host", "this machine by name", "own name, loopback", "own name, IPv6 loopback", "own name, mapped",
    "own name, metadata", "user info", "dotted", "decimal", "full-width digits", "Cyrillic a", "IPv6", "zone", "port 0",
    "line break", "backslashes", "no scheme",
}  # fmt: skip


@pytest.fixture(scope="module")
def everywhere() -> Iterator[Recorder]:
    """Listens on every address of this machine."""
    with running_recorder("::") as recorder:
        yield recorder


@pytest.fixture
def stranger(everywhere: Recorder, settings: Settings) -> Recorder:
    """The same, having received nothing; the hub may call over http, so that https alone is never why it does not."""
    settings.HUB = replace(settings.HUB, controllers=replace(settings.HUB.controllers, allow_http=True))
    everywhere.connections = 0
    everywhere.received.clear()
    return everywhere


def resolve_to(answer: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if answer is not None:
        monkeypatch.setattr(outbound, "resolve", resolving_to(answer))


def attempt_all(customer: Customer, url: str) -> list[str]:
    """Everything that the hub asks of a controller; why each was refused."""
    actions: list[Callable[[], object]] = [
        lambda: apply_config(target_for(customer, url), KEY, YAML),
        lambda: read_config(target_for(customer, url), KEY),
        lambda: start_update(target_for(customer, url), KEY),
    ]
    refused = []
    for act in actions:
        try:
            act()
        except (CallFailed, HostNotTrusted) as error:
            refused.append(error.sentence)
    return refused


@pytest.mark.django_db
@pytest.mark.parametrize("is_managed", [True, False])
@pytest.mark.parametrize(("form", "dns"), ATTACKS.values(), ids=ATTACKS)
def test_no_form_of_an_address_gets_a_byte(
    stranger: Recorder, monkeypatch: pytest.MonkeyPatch, form: str, dns: str | None, *, is_managed: bool
) -> None:
    customer = make_customer("anna", domain="anna.example.hu", is_managed=is_managed)
    resolve_to(dns, monkeypatch)
    url = form.format(port=stranger.port)

    assert len(attempt_all(customer, url)) == 3
    try:
        confirm_host("anna", url, now=NOW, by=KATA)
    except Impossible:
        pass
    else:
        assert len(attempt_all(customer, url)) == 3
    assert (stranger.connections, bytes(stranger.received)) == (0, b"")


@pytest.mark.django_db
@pytest.mark.parametrize("is_managed", [True, pytest.param(False, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    ("form", "dns"),
    [
        pytest.param(*attack, id=name, marks=() if name in BY_BUTTON else pytest.mark.long)
        for name, attack in ATTACKS.items()
    ],
)
def test_no_button_sends_a_byte_either(
    stranger: Recorder, monkeypatch: pytest.MonkeyPatch, browser: Any, form: str, dns: str | None, *, is_managed: bool
) -> None:
    """The page's way: reported, pressed, and pressed again as if the operator had confirmed the host in error."""
    url = form.format(port=stranger.port)
    record([incoming("anna", controller_url=url)])
    customer = Customer.objects.get()
    Customer.objects.update(is_managed=is_managed, domain="anna.example.hu")
    make_secrets(customer, now=NOW)
    resolve_to(dns, monkeypatch)

    for _ in range(2):
        for button in ("compare", "push", "update"):
            browser.post(f"/customers/anna/{button}", {"_csrf": browser.csrf})
        carry_out_due(clock=lambda: NOW, is_over_time=lambda: False)
        assert browser.get("/customers/anna/diff").status_code == 200
        browser.post("/customers/anna/confirm-host", {"_csrf": browser.csrf, "controller_url": url})

    assert {*Call.objects.values_list("state", flat=True)} <= {"failed", "left", "withdrawn"}
    assert Call.objects.count() == (6 if is_managed else 4)
    assert (stranger.connections, bytes(stranger.received)) == (0, b"")


@pytest.mark.filterwarnings("ignore:URLs without a scheme:FutureWarning")
def test_there_are_enough_forms_and_an_ordinary_client_falls_for_many(stranger: Recorder) -> None:
    """What keeps them out is the hub, not this machine: a client without the rules gets through."""
    assert len(ATTACKS) >= 40
    assert set(ATTACKS) > BY_BUTTON
    fallen = set()
    with urllib3.PoolManager(retries=False, timeout=2) as pool:
        for name, (form, dns) in ATTACKS.items():
            before = stranger.connections
            url = form.format(port=stranger.port)
            if dns is not None:
                # By name alone, as a check of the name would let it through; the DNS is played by the address itself.
                url = f"http://[{dns}]:{stranger.port}" if ":" in dns else f"http://{dns}:{stranger.port}"
                if dns not in {"127.0.0.1", "127.8.8.8", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"}:  # noqa: S104
                    continue  # nowhere from here
            with contextlib.suppress(urllib3.exceptions.HTTPError, UnicodeError, OSError):
                pool.request("POST", url, body=YAML, headers={"Authorization": f"Bearer {KEY}"})
            if stranger.connections > before:
                fallen.add(name)

    assert bytes(stranger.received).count(YAML) >= len(fallen)
    assert fallen >= {"short", "decimal", "octal", "hexadecimal", "mapped", "user info", "IPv6", "own name, mapped"}
    assert len(fallen) >= 30


@pytest.mark.django_db
def test_a_trusted_host_gets_key_and_configuration(
    stranger: Recorder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same server as in the attacks, once its network is listed."""
    allowed = replace(settings.HUB.controllers, allowed_networks=(ip_network("127.0.0.0/8"),))
    settings.HUB = replace(settings.HUB, controllers=allowed)
    customer = make_customer("anna", domain="anna.example.hu", is_managed=True)
    resolve_to("127.0.0.1", monkeypatch)

    assert attempt_all(customer, f"http://{OWN}:{stranger.port}") == []
    assert (stranger.connections, bytes(stranger.received).count(YAML)) == (3, 1)
    assert bytes(stranger.received).count(f"Authorization: Bearer {KEY}".encode()) == 3


@pytest.mark.django_db
def test_a_confirmed_host_is_trusted_at_its_own_port_alone(stranger: Recorder, settings: Settings) -> None:
    allowed = replace(settings.HUB.controllers, allowed_networks=(ip_network("127.0.0.0/8"),))
    settings.HUB = replace(settings.HUB, controllers=allowed)
    customer = make_customer("anna", domain="anna.example.hu", is_managed=True)
    with running_recorder() as right:
        confirm_host("anna", f"http://127.0.0.1:{right.port}", now=NOW, by=KATA)

        assert attempt_all(customer, f"http://127.0.0.1:{right.port}") == []
        assert len(attempt_all(customer, f"http://127.0.0.1:{stranger.port}")) == 3
        assert (right.connections, stranger.connections) == (3, 0)


@pytest.mark.django_db
def test_a_dns_that_says_public_first_and_private_then_gains_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.2 plays the public address. Each call asks the DNS once, and goes to what it has checked."""
    allowed = replace(settings.HUB.controllers, allow_http=True, allowed_networks=(ip_network("127.0.0.2/32"),))
    settings.HUB = replace(settings.HUB, controllers=allowed)
    customer = make_customer("anna", domain="anna.example.hu", is_managed=True)
    asked = []
    answers = resolving_to("127.0.0.2", "127.0.0.1", "127.0.0.1")

    def resolve(host: str, port: int) -> list[outbound.Endpoint]:
        asked.append(host)
        return answers(host, port)

    def no_second_look(*_arguments: object, **_more: object) -> None:
        raise AssertionError("a name was resolved past outbound.resolve")

    monkeypatch.setattr(outbound, "resolve", resolve)
    monkeypatch.setattr(socket, "getaddrinfo", no_second_look)
    with running_recorder("127.0.0.2") as public, running_recorder("127.0.0.1", port=public.port) as private:
        refused = attempt_all(customer, f"http://{OWN}:{public.port}")

        assert len(refused) == 2
        assert asked == [OWN, OWN, OWN]
        assert (public.connections, bytes(public.received).count(YAML)) == (1, 1)
        assert (private.connections, bytes(private.received)) == (0, b"")
