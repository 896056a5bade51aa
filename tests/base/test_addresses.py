from ipaddress import ip_network

import pytest

from felhom_hub.base.addresses import address_of, refused_kind


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("93.184.216.34", ""),
        ("9.255.255.255", ""),
        ("11.0.0.0", ""),
        ("172.15.255.255", ""),
        ("172.32.0.0", ""),
        ("223.255.255.255", ""),
        ("2a00:1450:4001:81b::200e", ""),
        ("2606:4700::1111", ""),
        ("0.0.0.0", "unspecified"),  # noqa: S104 - nobody listens
        ("0.1.2.3", "unspecified"),
        ("10.0.0.5", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.100.100.200", "carrier-grade NAT"),  # the metadata of one cloud
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("169.254.169.254", "link-local"),
        ("168.63.129.16", "cloud metadata"),
        ("192.0.0.192", "reserved"),
        ("192.0.2.1", "reserved"),
        ("192.88.99.1", "6to4"),
        ("198.19.0.1", "reserved"),
        ("198.51.100.1", "reserved"),
        ("203.0.113.1", "reserved"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::7f00:1", "IPv4-compatible"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:10.0.0.5", "private"),
        ("::ffff:93.184.216.34", ""),
        ("::ffff:0:127.0.0.1", "reserved"),  # RFC 2765's translated form
        ("64:ff9b::127.0.0.1", "loopback (NAT64)"),
        ("64:ff9b::a9fe:a9fe", "link-local (NAT64)"),
        ("64:ff9b::10.0.0.5", "private (NAT64)"),
        ("64:ff9b::93.184.216.34", ""),  # how a hub without IPv4 reaches a box that has nothing else
        ("64:ff9b:1::93.184.216.34", "NAT64"),
        ("100::1", "reserved"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"),
        ("2001:2::1", "reserved"),
        ("2001:20::1", "reserved"),
        ("2001:db8::1", "reserved"),
        ("2002:7f00:1::1", "6to4"),
        ("2002:5db8:d822::1", "6to4"),
        ("2a00:1450::5efe:10.0.0.5", "ISATAP"),
        ("2a00:1450::200:5efe:8.8.8.8", "ISATAP"),
        ("3fff::1", "reserved"),
        ("4000::1", "reserved"),
        ("fc00::1", "private"),
        ("fd00:ec2::254", "private"),  # the metadata of another cloud
        ("fe80::1%eth0", "link-local"),
        ("fe80::5efe:10.0.0.5", "link-local"),
        ("fec0::1", "private"),
        ("ff02::1", "multicast"),
    ],
)
def test_only_public_addresses_are_called(address: str, kind: str) -> None:
    assert refused_kind(address_of(address), ()) == kind


@pytest.mark.parametrize(
    ("address", "network", "kind"),
    [
        ("10.0.0.5", "10.0.0.0/24", ""),
        ("10.0.1.5", "10.0.0.0/24", "private"),
        ("127.0.0.1", "127.0.0.0/8", ""),
        ("::ffff:10.0.0.5", "10.0.0.0/8", ""),
        ("64:ff9b::10.0.0.5", "10.0.0.0/8", "private (NAT64)"),
        ("64:ff9b::10.0.0.5", "64:ff9b::/96", ""),
        ("2002:a00:5::1", "10.0.0.0/8", "6to4"),
        ("fd00::5", "fd00::/64", ""),
        ("fd00:1::5", "fd00::/64", "private"),
        ("93.184.216.34", "10.0.0.0/8", ""),
    ],
)
def test_a_listed_network_is_called_too(address: str, network: str, kind: str) -> None:
    assert refused_kind(address_of(address), (ip_network(network),)) == kind
