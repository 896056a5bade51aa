"""Calls of this room go to servers on the loopback, which the hub has to be allowed first."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network

import pytest
from pytest_django import Settings

Allow = Callable[..., None]


@pytest.fixture
def allow(settings: Settings) -> Allow:
    """Plain http, and these networks."""

    def change(*networks: str) -> None:
        allowed = tuple(ip_network(each) for each in networks)
        controllers = replace(settings.HUB.controllers, allow_http=True, allowed_networks=allowed)
        settings.HUB = replace(settings.HUB, controllers=controllers)

    return change
