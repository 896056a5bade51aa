"""Who called and whether under TLS, seen through trusted reverse proxies; pure, and what is trusted is given."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# A request that carries one of these came through a proxy, trusted or not.
FORWARDING_HEADERS = frozenset(
    {
        "cdn-loop", "cf-connecting-ip", "forwarded", "true-client-ip", "via", "x-client-ip", "x-cluster-client-ip",
        "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-forwarded-server",
        "x-original-forwarded-for", "x-real-ip",
    }
)  # fmt: skip

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Client:
    """The caller's address as text, and whether its connection was encrypted."""

    address: str
    is_tls: bool


def client_of(
    *, peer: str, is_tls: bool, forwarded_for: str, forwarded_proto: str, trusted: Iterable[_Network]
) -> Client:
    """The nearest caller that no trusted proxy is.

    `peer` and `is_tls` describe the connection itself, the others the headers X-Forwarded-For and X-Forwarded-Proto
    (several of a kind joined by commas). The headers are believed from a trusted peer only, and X-Forwarded-For from
    its end on, for everything before the first untrusted address may have been made up by that caller.
    """
    networks = tuple(trusted)
    address = parse_address(peer)
    if address is None:
        return Client(peer[:45], is_tls)
    if not _is_within(address, networks):
        return Client(str(address), is_tls)
    for written in reversed(forwarded_for.split(",")):
        hop = parse_address(written)
        if hop is None:
            break
        address = hop
        if not _is_within(hop, networks):
            break
    nearest = forwarded_proto.rsplit(",", 1)[-1].strip().lower()
    return Client(str(address), nearest == "https" if nearest else is_tls)


def parse_address(written: str) -> _Address | None:
    """The address that `written` names, with or without port, brackets and zone; IPv4 mapped into IPv6 is IPv4."""
    text = written.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_among(address: str, networks: Iterable[_Network]) -> bool:
    """True for an address that lies in one of the networks."""
    parsed = parse_address(address)
    return parsed is not None and _is_within(parsed, tuple(networks))


def _is_within(address: _Address, networks: tuple[_Network, ...]) -> bool:
    return any(address in network for network in networks)
