import re
from dataclasses import replace
from ipaddress import ip_network

import pytest
from pytest_django import Settings
from tests.asgi import call, run

from felhom_hub.base.current import request_id
from felhom_hub.base.endpoint import Receive, Scope, Send, send_json
from felhom_hub.base.request_ids import identified, new_id

MADE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{4}")


@identified
async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send_json(send, {"id": request_id.get()})


@pytest.fixture
def behind_a_proxy(settings: Settings) -> None:
    """What the tests call from is a trusted proxy."""
    server = replace(settings.HUB.server, trusted_proxies=(ip_network("127.0.0.0/8"),))
    settings.HUB = replace(settings.HUB, server=server)


def test_each_request_has_an_id_of_its_own_in_its_log_and_in_its_answer() -> None:
    first, second = run(call(app)), run(call(app))

    assert MADE.fullmatch(first.headers["x-request-id"])
    assert first.json() == {"id": first.headers["x-request-id"]}
    assert second.headers["x-request-id"] != first.headers["x-request-id"]
    assert request_id.get() is None


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    "given", ["7f3d", "0e8a2c1e-5b5a-4ad9-a2cf-3a8a4d1a6c01", "Root=1-67891233-abcdef012345678912345678", "x" * 64]
)
def test_the_id_that_a_trusted_proxy_gave_is_kept(given: str) -> None:
    answer = run(call(app, headers={"x-request-id": given}))

    assert (answer.headers["x-request-id"], answer.json()) == (given, {"id": given})


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize("given", ["", "a b", 'a"', "a\tb", "<b>", "é", "x" * 65, "a,b"])
def test_what_is_no_id_is_replaced(given: str) -> None:
    assert MADE.fullmatch(run(call(app, headers={"x-request-id": given})).headers["x-request-id"])


def test_who_is_no_trusted_proxy_gives_no_id(settings: Settings) -> None:
    settings.HUB = replace(settings.HUB, server=replace(settings.HUB.server, trusted_proxies=()))

    assert MADE.fullmatch(run(call(app, headers={"x-request-id": "7f3d"})).headers["x-request-id"])


def test_who_works_for_no_request_has_no_id() -> None:
    assert request_id.get() is None
    assert MADE.fullmatch(new_id())
