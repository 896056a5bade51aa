from ipaddress import IPv4Network, IPv6Network, ip_network

import pytest

from felhom_hub.base.proxies import Client, client_of, parse_address

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def client(
    peer: str,
    forwarded_for: str = "",
    proto: str = "",
    *,
    is_tls: bool = False,
    trusted: tuple[IPv4Network | IPv6Network, ...] = TRUSTED,
) -> Client:
    return client_of(peer=peer, is_tls=is_tls, forwarded_for=forwarded_for, forwarded_proto=proto, trusted=trusted)


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        # An untrusted peer is the caller, whatever it says.
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        # A trusted one is believed about who called it.
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1:443", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::7]:443", "2001:db8::7"),
        ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("fd00::1", "fe80::1%eth0", "fe80::1"),
        # What the caller wrote himself comes first and is not looked at.
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2, 10.0.0.3", "198.51.100.1"),
        # Inside the trusted networks the outermost one is the caller.
        ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        # Nonsense ends the chain at the last address that is known.
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, <script>", "10.0.0.1"),
        ("10.0.0.1", "<script>, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.1,", "10.0.0.1"),
        # IPv4 inside IPv6 is IPv4.
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::ffff:192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("", "198.51.100.1", ""),
        ("unix:/run/hub.sock" + "x" * 99, "198.51.100.1", ("unix:/run/hub.sock" + "x" * 99)[:45]),
    ],
)
def test_the_nearest_caller_that_is_no_trusted_proxy_counts(peer: str, forwarded_for: str, address: str) -> None:
    assert client(peer, forwarded_for).address == address


@pytest.mark.parametrize(
    ("peer", "proto", "is_tls", "seen"),
    [
        ("192.0.2.7", "https", False, False),
        ("192.0.2.7", "http", True, True),
        ("10.0.0.1", "https", False, True),
        ("10.0.0.1", "HTTPS", False, True),
        ("10.0.0.1", "http", True, False),
        ("10.0.0.1", "", True, True),
        ("10.0.0.1", "", False, False),
        ("10.0.0.1", "https, http", False, False),
        ("10.0.0.1", "http, https", False, True),
    ],
)
def test_tls_is_what_the_trusted_proxy_saw(peer: str, proto: str, is_tls: bool, seen: bool) -> None:
    assert client(peer, "198.51.100.1", proto, is_tls=is_tls).is_tls is seen


def test_without_trusted_networks_headers_are_never_believed() -> None:
    assert client("127.0.0.1", "198.51.100.1", "https", trusted=()) == Client("127.0.0.1", is_tls=False)


@pytest.mark.parametrize("written", ["", " ", "1.2.3", "1.2.3.4.5", "01.2.3.4", "host", "[::1", "1:2:3", "\x00"])
def test_what_is_no_address_is_none(written: str) -> None:
    parsed = parse_address(written)
    assert parsed is None or (written == "[::1" and str(parsed) == "::1")
