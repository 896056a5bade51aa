"""Calls to servers that the operator has named in hub.yaml: wherever they are, and over https.

Such an address is not an outsider's word, so private networks are as good as others. Only what runs on the very machine
is called over http, which nobody can listen to.
"""

import base64
from ipaddress import ip_network

from felhom_hub.base.outbound import Answer, Policy, Request, call
from felhom_hub.base.targets import Target

_ANYWHERE = Policy(allowed_networks=(ip_network("0.0.0.0/0"), ip_network("::/0")))
_HERE = Policy(allowed_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")), allow_http=True)


def get(target: Target, path: str, headers: dict[str, str]) -> Answer:
    """The answer, with whatever status; redirects are answers like any other. Raises OutboundError.

    An http target is called on this machine alone.
    """
    return call(target, Request("GET", path, headers), _HERE if target.scheme == "http" else _ANYWHERE)


def basic(username: str, password: str) -> str:
    """The value of an Authorization header (RFC 7617, in UTF-8)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def header_of(answer: Answer, name: str) -> str:
    """The header of an answer, empty where it has none."""
    return next((value for key, value in answer.headers.items() if key.lower() == name.lower()), "")


def is_same_place(one: Target, other: Target) -> bool:
    """True where both are one server at one port, spoken to in one way."""
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)
