import re
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import cast

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from felhom_hub.base.arrival import ArrivalMiddleware, HubRequest, address_of
from felhom_hub.base.current import request_id
from felhom_hub.base.proxies import Client


def test_a_request_knows_its_time_and_its_caller(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
    monkeypatch.setattr("felhom_hub.base.arrival.utc_now", lambda: noon)
    server = replace(settings.HUB.server, trusted_proxies=(ip_network("127.0.0.1/32"),))
    settings.HUB = replace(settings.HUB, server=server)
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        arrived = cast("HubRequest", request)
        seen.append((arrived.now, arrived.client))
        return HttpResponse()

    headers = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    ArrivalMiddleware(view)(RequestFactory().get("/", headers=headers))
    ArrivalMiddleware(view)(RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.8"))

    assert seen == [(noon, Client("192.0.2.7", is_tls=True)), (noon, Client("192.0.2.8", is_tls=False))]


def test_what_is_logged_on_the_way_of_a_request_has_its_id(settings: Settings) -> None:
    settings.HUB = replace(settings.HUB, server=replace(settings.HUB.server, trusted_proxies=()))
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((cast("HubRequest", request).request_id, request_id.get()))
        return HttpResponse()

    for _ in range(2):
        ArrivalMiddleware(view)(RequestFactory().get("/"))

    (first, logged), (second, _) = seen
    assert re.fullmatch(r"[0-9a-f]{2}-[0-9a-f]{4}", first)
    assert logged == first
    assert second != first
    assert request_id.get() is None


def test_a_raw_requests_caller_is_seen_through_trusted_proxies_alone(settings: Settings) -> None:
    server = replace(settings.HUB.server, trusted_proxies=(ip_network("127.0.0.0/8"),))
    settings.HUB = replace(settings.HUB, server=server)
    headers = [(b"x-forwarded-for", b"198.51.100.1"), (b"host", b"a"), (b"x-forwarded-for", b"192.0.2.7, 127.0.0.2")]

    found = [
        address_of({"headers": headers, "client": client}) for client in (("127.0.0.1", 1), ("192.0.2.8", 1), None)
    ]

    assert found == ["192.0.2.7", "192.0.2.8", ""]
