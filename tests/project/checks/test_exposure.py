from datetime import UTC, datetime

import pytest

from felhom_hub.project.checks.exposure import check_access, check_public_url, check_time_zone
from felhom_hub.project.checks.findings import Finding, Level
from felhom_hub.project.hubfile import load
from felhom_hub.project.options import Options


def options(**environ: str) -> Options:
    return load(None, {f"FELHOM_HUB_{name}": value for name, value in environ.items()}).options


LOCAL = {"SERVER__LISTEN": "127.0.0.1:8080"}
UNPROXIED = (
    "https://hub.example.org needs a proxy in front of the hub, but server.trusted_proxies is empty: "
    "every request seems to come from the proxy"
)
PROXY = {"SERVER__TRUSTED_PROXIES": "127.0.0.1"}


@pytest.mark.parametrize(
    ("url", "others", "level", "message"),
    [
        ("", LOCAL, Level.OK, "not set, and the hub is for this machine only"),
        ("", {}, Level.WARN, "server.public_url is not set: mails and set-up texts cannot name the hub's address"),
        ("https://hub.example.org", {**LOCAL, **PROXY}, Level.OK, "https://hub.example.org"),
        ("http://127.0.0.1:8080", LOCAL, Level.OK, "http://127.0.0.1:8080"),
        ("http://[::1]:8080", LOCAL, Level.OK, "http://[::1]:8080"),
        (
            "http://localhost:8080",
            {},
            Level.WARN,
            "http://localhost:8080 means this machine only, but server.listen :8080 is for others too",
        ),
        (
            "http://hub.example.org",
            PROXY,
            Level.WARN,
            "http://hub.example.org is not https: passwords and keys cross the network in the clear",
        ),
        (
            "https://hub.example.org",
            {},
            Level.WARN,
            UNPROXIED,
        ),
    ],
)
def test_the_public_url_fits_to_where_the_hub_listens(
    url: str, others: dict[str, str], level: Level, message: str
) -> None:
    server = options(SERVER__PUBLIC_URL=url, **others).server
    assert check_public_url(server) == Finding("public URL", level, message)


NO_LOGIN = {"AUTH__PASSWORD_HASH": "", "AUTH__ALLOW_NO_LOGIN": "true"}


@pytest.mark.parametrize(
    ("environ", "level", "messages"),
    [
        ({}, Level.OK, ["with a login, without a global API key"]),
        ({"API__REPORT_API_KEY": "k" * 16}, Level.OK, ["with a login, and a global API key"]),
        ({"API__REPORT_API_KEY": "k" * 15}, Level.WARN, ["api.report_api_key has fewer than 16 characters"]),
        (NO_LOGIN, Level.WARN, ["there is no login: whoever reaches :8080 is the operator"]),
        ({**NO_LOGIN, **LOCAL, **PROXY}, Level.WARN, ["there is no login: whoever reaches the proxy is the operator"]),
        (
            {"SERVER__TRUSTED_PROXIES": "0.0.0.0/0,10.0.0.0/8,::/0"},
            Level.WARN,
            [
                "server.trusted_proxies has 0.0.0.0/0: anybody can claim to be any address",
                "server.trusted_proxies has ::/0: anybody can claim to be any address",
            ],
        ),
    ],
)
def test_what_lets_anybody_in_is_worth_a_warning(environ: dict[str, str], level: Level, messages: list[str]) -> None:
    assert check_access(options(**environ)) == [Finding("access", level, message) for message in messages]


def test_the_time_zone_is_shown_with_its_time() -> None:
    finding = Finding("time zone", Level.OK, "Europe/Budapest, where it is 2026-07-01 02:30 now")
    assert check_time_zone(options().server, datetime(2026, 7, 1, 0, 30, tzinfo=UTC)) == finding
