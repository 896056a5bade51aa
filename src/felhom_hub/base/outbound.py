"""Calls over http(s) to addresses that came from outside, in bounds: docs/decisions/0019-outbound-calls.md.

The name is resolved once, and the very address that has been checked is connected to; nothing is sent before that and
before the certificate is verified. Redirects are answers like any other: they are never followed.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from felhom_hub.base.addresses import Network, address_of, refused_kind
from felhom_hub.base.targets import Target

RESOLVE_SECONDS = 5.0
CONNECT_SECONDS = 5.0  # to all addresses of the name together, and again for TLS
CALL_SECONDS = 30.0  # from the first look-up to the last byte
ANSWER_BYTES = 4 * 1024 * 1024
_PIECE_BYTES = 64 * 1024

Endpoint = tuple[int, tuple[Any, ...]]  # family and address as the socket takes them


class OutboundError(Exception):
    """The call failed; the text is a plain sentence. `is_uncertain` where the other side may have carried it out."""

    def __init__(self, sentence: str, *, is_uncertain: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_uncertain = is_uncertain


class AddressRefused(OutboundError):
    """The hub may not connect to any address of the host; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is allowed beyond https to public addresses."""

    allowed_networks: tuple[Network, ...] = ()
    allow_http: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said, whole."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the target; `path` is added to the target's own."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


def call(target: Target, request: Request, policy: Policy) -> Answer:
    """The other side has answered, with whatever status. Raises OutboundError, or AddressRefused before anything."""
    if target.scheme != "https" and not policy.allow_http:
        raise OutboundError(f"{target.place} is called over https only.")
    deadline = time.monotonic() + CALL_SECONDS
    connection = _connection_to(target, _checked(target, _resolved(target), policy))
    try:
        with _connected(connection, target, deadline):
            return _exchange(connection, target, request, deadline)
    finally:
        connection.close()


def resolve(host: str, port: int) -> list[Endpoint]:
    """The addresses of the host, as the system's resolver orders them. The one place that asks it. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def _resolved(target: Target) -> list[Endpoint]:
    """As `resolve`, within its time: the resolver itself knows no limit, so its thread is left behind."""
    found: list[Endpoint] = []
    failed: list[OSError | UnicodeError] = []

    def look_up() -> None:
        try:
            found.extend(resolve(target.host, target.port))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = threading.Thread(target=look_up, name="resolve", daemon=True)
    thread.start()
    thread.join(RESOLVE_SECONDS)
    if thread.is_alive():
        raise OutboundError(f"The name {target.host} was not resolved within {RESOLVE_SECONDS:.0f} seconds.")
    if failed or not found:
        raise OutboundError(f"The name {target.host} cannot be resolved.")
    return found


def _checked(target: Target, endpoints: list[Endpoint], policy: Policy) -> list[Endpoint]:
    """Those that may be connected to; raises AddressRefused where none is."""
    kinds = {str(end[1][0]): refused_kind(address_of(str(end[1][0])), policy.allowed_networks) for end in endpoints}
    fine = [end for end in endpoints if not kinds[str(end[1][0])]]
    if not fine:
        shown, kind = next(iter(kinds.items()))
        raise AddressRefused(f"{target.host} leads to {shown}, a {kind} address, which the hub does not call.")
    return fine


class _ToChecked:
    """A connection to the first of its endpoints that answers, and to no other."""

    endpoints: list[Endpoint]

    def _new_conn(self) -> socket.socket:
        deadline = time.monotonic() + CONNECT_SECONDS
        failure: OSError = TimeoutError()
        for family, address in self.endpoints:
            opened = socket.socket(family, socket.SOCK_STREAM)
            try:
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                opened.settimeout(max(0.01, deadline - time.monotonic()))
                opened.connect(address)
                opened.settimeout(CONNECT_SECONDS)  # for TLS, whose handshake keeps it as a whole
            except OSError as error:
                opened.close()
                failure = error
            else:
                return opened
        raise failure


class _Plain(_ToChecked, HTTPConnection):
    pass


class _Secure(_ToChecked, HTTPSConnection):
    pass


def _connection_to(target: Target, endpoints: list[Endpoint]) -> _Plain | _Secure:
    connection: _Plain | _Secure
    if target.scheme == "https":
        connection = _Secure(target.host, target.port, ssl_context=ssl.create_default_context())
    else:
        connection = _Plain(target.host, target.port)
    connection.endpoints = endpoints
    return connection


@contextlib.contextmanager
def _connected(connection: _Plain | _Secure, target: Target, deadline: float) -> Iterator[None]:
    """The connection is there, verified where it is https, and is cut at the deadline whatever goes on in it."""
    try:
        connection.connect()
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message.rstrip(".")
        raise OutboundError(f"The certificate of {target.place} is not valid: {reason}.") from None
    except ssl.SSLError:
        raise OutboundError(f"{target.place} does not speak TLS as it should.") from None
    except TimeoutError:
        raise OutboundError(f"{target.place} could not be reached within {CONNECT_SECONDS:.0f} seconds.") from None
    except (OSError, HTTPError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise OutboundError(f"{target.place} could not be reached: {reason}.") from None
    assert connection.sock is not None
    # A limit on each read would let a byte a second go on for ever.
    cut = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, (connection.sock,))
    cut.daemon = True
    cut.start()
    try:
        yield
    finally:
        cut.cancel()


def _cut(opened: socket.socket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(opened, socket.SHUT_RDWR)  # TLS's own would take its state from under the reader


def _exchange(connection: _Plain | _Secure, target: Target, request: Request, deadline: float) -> Answer:
    """The request is sent and its answer read."""
    assert connection.sock is not None
    connection.sock.settimeout(CALL_SECONDS)
    headers = {"User-Agent": "felhom-hub", "Accept-Encoding": "identity", "Connection": "close", **request.headers}
    try:
        # Who refuses a request may hang up on its body; the answer can be there all the same.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(
                request.method,
                target.path + request.path,
                body=request.body,
                headers=headers,
                preload_content=False,
                decode_content=False,
            )
        response = connection.getresponse()
        with contextlib.closing(response):
            answer = Answer(response.status, _body(response, target), dict(response.headers))
        if time.monotonic() >= deadline:  # what was cut here can look like the end
            raise TimeoutError
        return answer  # noqa: TRY300 - the line above is in its place
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        if time.monotonic() >= deadline or isinstance(error, TimeoutError):
            sentence = f"{target.place} did not answer within {CALL_SECONDS:.0f} seconds."
        else:
            sentence = f"{target.place} broke off, or answered what is not HTTP."
        raise OutboundError(sentence, is_uncertain=True) from None


def _body(response: BaseHTTPResponse, target: Target) -> bytes:
    """The whole body. A compressed one was not asked for and is not expanded, whatever it would come to."""
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"identity", ""}:
        raise OutboundError(f"{target.place} sent a compressed answer, which was not asked for.", is_uncertain=True)
    pieces, size = [], 0
    while piece := response.read1(_PIECE_BYTES, decode_content=False):
        pieces.append(piece)
        size += len(piece)
        if size > ANSWER_BYTES:
            limit = ANSWER_BYTES // 1024 // 1024
            raise OutboundError(f"The answer of {target.place} is larger than {limit} MiB.", is_uncertain=True)
    return b"".join(pieces)
