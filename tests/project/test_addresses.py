import re
from ipaddress import ip_network

import pytest

from felhom_hub.project.addresses import ListenAddress, parse_listen_address, parse_network, parse_public_url


@pytest.mark.parametrize(
    ("text", "address", "is_loopback"),
    [
        (":8080", ListenAddress("", 8080), False),
        ("127.0.0.1:8080", ListenAddress("127.0.0.1", 8080), True),
        ("127.9.9.9:1", ListenAddress("127.9.9.9", 1), True),
        ("[::1]:8080", ListenAddress("::1", 8080), True),
        ("[::ffff:127.0.0.1]:80", ListenAddress("::ffff:7f00:1", 80), True),
        ("[::ffff:10.0.0.1]:80", ListenAddress("::ffff:a00:1", 80), False),
        ("[::]:8080", ListenAddress("::", 8080), False),
        ("0.0.0.0:0", ListenAddress("0.0.0.0", 0), False),  # noqa: S104  # the address under test
        ("localhost:65535", ListenAddress("localhost", 65535), True),
        ("hub.example.org:443", ListenAddress("hub.example.org", 443), False),
    ],
)
def test_listen_addresses_are_read_in_the_form_of_go(text: str, address: ListenAddress, is_loopback: bool) -> None:
    assert parse_listen_address(text) == address
    assert address.is_loopback is is_loopback


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ""),
        ("8080", ""),
        (":", ""),
        (":x", ""),
        (":-1", ""),
        (":٨٠", ""),
        (":65536", "a port is at most 65535"),
        ("::1:8080", ""),
        ("[::1]", ""),
        ("[::1:80", ""),
        ("[]:80", "Address cannot be empty"),
        ("[127.0.0.1]:80", "At least 3 parts expected in '127.0.0.1'"),
        ("1.2.3:80", "Expected 4 octets in '1.2.3'"),
        ("127.0.0.01:80", "Leading zeros are not permitted in '01' in '127.0.0.01'"),
        ("a b:80", ""),
        ("-a:80", ""),
        ("http://x:80", ""),
        ("ü.example:80", ""),
    ],
)
def test_other_listen_addresses_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        parse_listen_address(text)


@pytest.mark.parametrize("text", [":8080", "127.0.0.1:80", "[::1]:8080"])
def test_a_listen_address_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_listen_address(text)) == text


@pytest.mark.parametrize(
    ("text", "network"),
    [("10.0.0.0/8", "10.0.0.0/8"), ("10.0.0.7", "10.0.0.7/32"), ("fd00::/8", "fd00::/8"), ("::1", "::1/128")],
)
def test_networks_and_single_addresses_are_read(text: str, network: str) -> None:
    assert parse_network(text) == ip_network(network)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10.0.0.7/8", "'10.0.0.7/8' has bits below its prefix; the network is '10.0.0.0/8'"),
        ("10.0.0.0/33", "'10.0.0.0/33' is no network"),
        ("proxy", "'proxy' is no network"),
    ],
)
def test_a_wrong_network_is_named(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        parse_network(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://hub.example.org", "https://hub.example.org"),
        ("https://Hub.Example.org/", "https://hub.example.org"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_a_public_url_is_scheme_and_host(text: str, url: str) -> None:
    assert parse_public_url(text) == url


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hub.example.org", "it needs http:// or https:// and a host"),
        ("ftp://hub.example.org", "it needs http:// or https:// and a host"),
        ("https://", "it needs http:// or https:// and a host"),
        ("https://hub_example", "it needs http:// or https:// and a host"),
        ("https://hub.example.org:x", "it cannot be read as a URL"),
        ("https://[::1", "it cannot be read as a URL"),
        ("https://me:secret@hub.example.org", "it may hold no user or password"),
        ("https://hub.example.org/felhom", "it may hold no path, query or fragment"),
        ("https://hub.example.org?x=1", "it may hold no path, query or fragment"),
        ("https://hub.example.org#x", "it may hold no path, query or fragment"),
    ],
)
def test_a_wrong_public_url_is_explained(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        parse_public_url(text)
