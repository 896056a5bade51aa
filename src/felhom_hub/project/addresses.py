"""Addresses and networks of the settings, read from text; who is let in or called is decided by the rooms."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network

_LISTEN = re.compile(r"(?:\[(?P<six>[^\[\]]*)\]|(?P<host>[^:\[\]]*)):(?P<port>[0-9]{1,5})", re.ASCII)
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_LAST_PORT = 65535


@dataclass(frozen=True)
class ListenAddress:
    """An empty `host` means every address of the machine; port 0 means any free port."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """True when only this machine can reach it; a name other than localhost counts as reachable."""
        if self.host.lower() == "localhost":
            return True
        try:
            address = ip_address(self.host)
        except ValueError:
            return False
        # Python before 3.13 does not call ::ffff:127.0.0.1 loopback.
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return (mapped or address).is_loopback

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_listen_address(text: str) -> ListenAddress:
    """The address in Go's form (":8080", "127.0.0.1:8080", "[::1]:8080"); ValueError for anything else."""
    found = _LISTEN.fullmatch(text)
    if found is None:
        raise ValueError
    port = int(found["port"])
    if port > _LAST_PORT:
        raise ValueError(f"a port is at most {_LAST_PORT}")
    if found["six"] is not None:
        return ListenAddress(str(IPv6Address(found["six"])), port)
    host = found["host"]
    if re.fullmatch(r"[0-9.]+", host):
        return ListenAddress(str(IPv4Address(host)), port)
    if host and not _HOST_NAME.fullmatch(host):
        raise ValueError
    return ListenAddress(host, port)


def parse_network(text: str) -> Network:
    """The network, or that of a single address; ValueError names the network meant where low bits are set."""
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        wide = ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no network") from None
    raise ValueError(f"{text!r} has bits below its prefix; the network is {str(wide)!r}")


def parse_public_url(text: str) -> str:
    """Scheme and host of the hub as seen from outside, without a slash at the end; ValueError says what is too much."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("it cannot be read as a URL") from None
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not _is_host(host):
        raise ValueError("it needs http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it may hold no user or password")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("it may hold no path, query or fragment")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _is_host(host: str) -> bool:
    if _HOST_NAME.fullmatch(host):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
