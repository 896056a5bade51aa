"""Which IP addresses the hub may connect to when an address came from outside. Pure.

Python's `is_global` is no answer: it calls 64:ff9b::a9fe:a9fe, which leads to 169.254.169.254, and 224.0.0.1 global.
Why each kind is refused is in docs/decisions/0019-outbound-calls.md.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA's special-purpose registries (RFC 6890 and later), the first that matches; what is in none of them is public.
_KINDS_4: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "cloud metadata"),  # Azure's, in a public range
    ("169.254.0.0/16", "link-local"),  # with the metadata of most clouds
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "reserved"),
    ("192.88.99.0/24", "6to4"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "reserved"),
    ("198.51.100.0/24", "reserved"),
    ("203.0.113.0/24", "reserved"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
)
_KINDS_6: tuple[tuple[str, str], ...] = (
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::/96", "IPv4-compatible"),
    ("64:ff9b:1::/48", "NAT64"),  # where in it the IPv4 address stands, each network decides for itself
    ("2001::/32", "Teredo"),
    ("2001::/23", "reserved"),
    ("2001:db8::/32", "reserved"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "reserved"),
    ("5f00::/16", "reserved"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "private"),
    ("ff00::/8", "multicast"),
)
_NETWORKS_4 = tuple((IPv4Network(network), words) for network, words in _KINDS_4)
_NETWORKS_6 = tuple((IPv6Network(network), words) for network, words in _KINDS_6)
_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")
_ISATAP = 0x5EFE  # bits 64 to 95 of the address, but for the bit that says whether the rest is unique


def address_of(text: str) -> Address:
    """The address, without its zone; one that only maps an IPv4 address is that one. Raises ValueError."""
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def refused_kind(address: Address, allowed: Iterable[Network]) -> str:
    """What kind of address it is, in few words, where the hub may not connect to it; empty where it may.

    One in the networks `allowed` may be connected to, whatever its kind; an IPv4 address inside another has to be
    allowed as it stands.
    """
    if any(address in network for network in allowed):
        return ""
    return _kind_4(address) if isinstance(address, IPv4Address) else _kind_6(address)


def _kind_4(address: IPv4Address) -> str:
    return next((kind for network, kind in _NETWORKS_4 if address in network), "")


def _kind_6(address: IPv6Address) -> str:
    if address in _NAT64:
        # A hub without IPv4 reaches every box that has nothing else so: judged by the IPv4 address.
        inner = _kind_4(IPv4Address(int(address) & 0xFFFFFFFF))
        return f"{inner} (NAT64)" if inner else ""
    for network, kind in _NETWORKS_6:
        if address in network:
            return kind
    if address not in _UNICAST:
        return "reserved"
    return "ISATAP" if (int(address) >> 32) & 0xFDFFFFFF == _ISATAP else ""
