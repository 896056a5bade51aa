"""Reads an http(s) address that came from outside into host, port and path, and refuses every unusual form. Pure.

What is read here is connected to as it is read: nothing parses the address a second time, so no two can differ.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import idna

LONGEST_URL = 2000
_LONGEST_HOST = 253  # RFC 1035
_LAST_PORT = 65535
_PORTS = {"http": 80, "https": 443}
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[^\]/]*\]|[^/:\[\]]*)(?::(?P<port>[^/]*))?(?P<path>/[^\s]*)?", re.IGNORECASE
)
# Query and fragment have no place in the address of a server, and "\" is read as "/" by some.
_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?")
# A last label of digits, or 0x and digits, is read as a part of an IPv4 address by many (WHATWG URL, 3.5).
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class TargetError(ValueError):
    """The address is not one that the hub calls; the text is a plain sentence about "it"."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: `host` is a name in small ASCII letters without a dot at its end, or an IP address.

    `path` has no slash at its end.
    """

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def place(self) -> str:
        """Host and port, the port only where it is not the scheme's own."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == _PORTS[self.scheme] else f"{shown}:{self.port}"


def target_of(url: str) -> Target:
    """The address as it will be called. Raises TargetError with the rule that it broke, which echoes nothing of it."""
    if len(url) > LONGEST_URL:
        raise TargetError(f"it is longer than {LONGEST_URL} characters")
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise TargetError("it may hold no user or password")
    found = _URL.fullmatch(url)
    if found is None:
        raise TargetError("it needs https:// and a host, and may hold no spaces")
    path = found["path"] or ""
    if not _PATH.fullmatch(path) or ".." in path.split("/"):
        raise TargetError("its path may hold no query, fragment, backslash or ..")
    scheme = found["scheme"].lower()
    return Target(scheme, host_of(found["host"]), _port(found["port"], scheme), path.rstrip("/"))


def host_of(text: str) -> str:
    """The host in the one form in which it is compared and resolved. Raises TargetError."""
    if text.startswith("["):
        return _six(text[1:-1])
    try:
        host = _ascii(text).removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        raise TargetError("its host is not a name that the DNS knows (IDNA 2008)") from None
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _four(host)
    if len(host) > _LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise TargetError("its host must be a name or an IP address")
    return host


def _ascii(text: str) -> str:
    """The name in small ASCII letters. Full-width digits, other dots and invisible characters are errors to IDNA."""
    if text.isascii():
        return text.lower()
    return idna.encode(unicodedata.normalize("NFC", text.lower()), strict=True).decode()


def _four(text: str) -> str:
    """Four decimal numbers; octal, hexadecimal, short and one-number forms are not read the same everywhere."""
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        raise TargetError("its IPv4 address must be four decimal numbers") from None


def _six(text: str) -> str:
    try:
        address = IPv6Address(text)
    except AddressValueError:
        raise TargetError("its IPv6 address cannot be read") from None
    if address.scope_id is not None:
        raise TargetError("its IPv6 address may hold no zone")
    return str(address)


def _port(text: str | None, scheme: str) -> int:
    if text is None:
        return _PORTS[scheme]
    if not _PORT.fullmatch(text) or int(text) > _LAST_PORT:
        raise TargetError(f"its port must be a number from 1 to {_LAST_PORT}")
    return int(text)
