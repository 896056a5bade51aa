"""A customer, its reference controller behind real HTTP on the loopback, and a hub that may call it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.build import NOW, make_node

from felhom_controller.config import ConfigFile
from felhom_controller.server import Box, ControllerServer
from felhom_hub.boxes.carry import carry_out_due
from felhom_hub.boxes.models import Call
from felhom_hub.configs.generate import generate
from felhom_hub.controllers.confirm import confirm_host
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.customers.register import add_customer
from felhom_hub.operators.audit import Actor
from felhom_hub.reports.models import NodeState

KATA = Actor("operator", "192.0.2.7")
DETAILS = Details("Kiss Fotó", "kiss.example.hu", "kiss@example.hu")


@dataclass
class OpenBox:
    """A box of the reference controller whose key a test can change."""

    key: str
    config: ConfigFile
    request_update: Callable[[], None]


@dataclass
class Served:
    """The controller as a test sees it."""

    config: ConfigFile
    url: str
    box: "OpenBox"
    updates: list[str] = field(default_factory=list)

    def has(self, content: bytes) -> None:
        """The controller has this file."""
        self.config.apply(content)


@pytest.fixture
def allowed(settings: Settings) -> None:
    """Controllers on the loopback may be called, over http."""
    networks = (ip_network("127.0.0.0/8"),)
    controllers = replace(settings.HUB.controllers, allow_http=True, allowed_networks=networks)
    settings.HUB = replace(settings.HUB, controllers=controllers)


@pytest.fixture
def customer(db: None) -> Customer:  # noqa: ARG001 - it is stored
    """Managed, with a node that has no address yet."""
    add_customer("kiss-foto", DETAILS, now=NOW, by=KATA)
    customer = Customer.objects.get()
    make_node(customer)
    return customer


@pytest.fixture
def served(customer: Customer, allowed: None, tmp_path: Path) -> Iterator[Served]:  # noqa: ARG001 - it is called
    """Its controller, which has what the hub wants; the host is confirmed."""
    from felhom_hub.customers.held_keys import api_keys_held  # noqa: PLC0415 - after Django's settings

    config, updates = ConfigFile(tmp_path / "controller.yaml", customer.customer_id), list[str]()
    box = OpenBox(api_keys_held(customer, now=NOW)[0], config, lambda: updates.append("wished"))

    with ControllerServer(
        ("127.0.0.1", 0), lambda path: (Box(box.key, box.config, box.request_update), path)
    ) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        point_to(customer, url)
        config.apply(generate(customer).content)
        yield Served(config, url, box, updates)
        server.shutdown()
        thread.join()


def point_to(customer: Customer, url: str) -> None:
    """Its controller has reported this address, and the operator has confirmed it."""
    NodeState.objects.filter(customer=customer).update(controller_url=url)
    confirm_host(customer.customer_id, url, now=NOW, by=KATA)


def carry_out(now: datetime = NOW) -> Call:
    """Whatever waits is done; the newest call as it is then."""
    carry_out_due(clock=lambda: now, is_over_time=lambda: False)
    return Call.objects.latest("pk")
