"""Talks to the hub, one attempt a call, and tells lasting refusals from passing failures.

When to try again is left to `retry`, what to keep meanwhile to `spool`.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import msgspec
import urllib3

from felhom_controller import __version__
from felhom_controller.retry import retry_after_seconds

REPORT_PATH, EVENT_PATH, SNAPSHOT_PATH = "/api/v1/report", "/api/v1/event", "/api/v1/infra-backup"
RECOVERY_PATH = "/api/v1/recovery/"
PASSPHRASE_HEADER, DRILL_HEADER = "X-Retrieval-Password", "X-Recovery-Drill"

_CONNECT_SECONDS, _READ_SECONDS = 5.0, 30.0
_CALL_SECONDS = 60.0  # for the answer as a whole, however slowly it drips
_SLOWEST_BYTES_A_SECOND = 50_000  # a download may take longer: a poor line at home
_ANSWER_LIMIT_BYTES = 64 * 1024
_RECOVERY_LIMIT_BYTES = 20 * 1024 * 1024  # an infrastructure backup of 16 MiB at most, and the configuration
_SHOWN_CHARACTERS = 300
_REDIRECT_LIMIT = 3
# 4xx that pass by themselves: too slow, too early, too many. All other 4xx would be the same again.
_PASSING_4XX = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
# What is wrong with the body itself. 401 passes once the key is right again, 404 is what a proxy says while the hub is
# away; 403 is the right key with another customer's body.
_ABOUT_BODY = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
_KEEPING_REDIRECTS = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})


class HubError(Exception):
    """The hub did not take it.

    `is_permanent`: the same bytes with the same key would be refused again. `is_about_body`: and with a right key, too;
    it was the hub itself that refused what is in them. `status` is None where nobody answered.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        is_permanent: bool = False,
        is_about_body: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.is_permanent = is_permanent
        self.is_about_body = is_about_body
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """A hub's yes: what it wants done, if anything."""

    customer_blocked: bool
    pending: dict[str, Any]


def checked_hub_url(text: str) -> str:
    """The hub's address without a trailing slash; raises ValueError with a sentence where it cannot be one."""
    try:
        parts = urlsplit(text.strip())
        _ = parts.port
    except ValueError:
        raise ValueError(f"{text!r} is not an address; write it as https://hub.example.hu") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{text!r} is not an address; write it as https://hub.example.hu")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address is scheme, host, port and path only; the key is given apart from it")
    return text.strip().rstrip("/")


class HubClient:
    """Lasting connections to one hub; may be used by several threads."""

    def __init__(self, hub_url: str, *, connections: int = 1) -> None:
        self._base = checked_hub_url(hub_url)
        self._pool = urllib3.PoolManager(
            num_pools=2,
            maxsize=connections,
            retries=False,
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
            headers={"User-Agent": f"felhom-controller/{__version__}", "Content-Type": "application/json"},
        )

    def post_report(self, body: bytes, *, key: str) -> Answer:
        """The report is committed at the hub; raises HubError otherwise."""
        return self._post(REPORT_PATH, body, key)

    def post_event(self, body: bytes, *, key: str) -> Answer:
        """The event is committed at the hub; raises HubError otherwise."""
        return self._post(EVENT_PATH, body, key)

    def post_snapshot(self, body: bytes, *, key: str) -> None:
        """The infrastructure backup is committed at the hub; raises HubError otherwise."""
        self._post(SNAPSHOT_PATH, body, key)

    def download(self, path: str, *, key: str, limit_bytes: int) -> bytes:
        """What lies at the path, at most so many bytes; raises HubError otherwise."""
        return self._download(path, _bearer(key), limit_bytes)

    def recover(self, customer_id: str, *, passphrase: str, drill_mark: str = "") -> bytes:
        """The answer of the recovery endpoint, as it came; raises HubError otherwise.

        A `drill_mark`, as a hub gives out, says that nothing has happened to the box.
        """
        # Accents cannot stand in a header: the contract takes them percent-encoded.
        headers = {PASSPHRASE_HEADER: quote(passphrase, safe="")}
        if drill_mark:
            headers[DRILL_HEADER] = drill_mark
        return self._download(RECOVERY_PATH + customer_id, headers, _RECOVERY_LIMIT_BYTES)

    def close(self) -> None:
        """Idle connections are closed."""
        self._pool.clear()

    def _download(self, path: str, credentials: Mapping[str, str], limit_bytes: int) -> bytes:
        read_bytes = max(limit_bytes + 1, _ANSWER_LIMIT_BYTES)  # a refusal is longer than a small file
        status, headers, content = self._redirected("GET", path, None, credentials, read_bytes)
        if status != HTTPStatus.OK:
            raise _refusal(status, headers, _members(content))
        if len(content) > limit_bytes:
            raise HubError(f"the hub sends more than {limit_bytes} bytes at {path}", status=status, is_permanent=True)
        return content

    def _post(self, path: str, body: bytes, key: str) -> Answer:
        return _answer_of(*self._redirected("POST", path, body, _bearer(key), _ANSWER_LIMIT_BYTES))

    def _redirected(
        self, method: str, path: str, body: bytes | None, credentials: Mapping[str, str], limit_bytes: int
    ) -> tuple[int, urllib3.HTTPHeaderDict, bytes]:
        url = self._base + path
        for _ in range(_REDIRECT_LIMIT):
            status, headers, content = self._exchange(method, url, body, credentials, limit_bytes)
            if status not in _KEEPING_REDIRECTS:
                return status, headers, content
            url = _same_place(url, headers.get("Location") or "")
        raise HubError(f"the hub redirected more than {_REDIRECT_LIMIT} times", status=status)

    def _exchange(
        self, method: str, url: str, body: bytes | None, credentials: Mapping[str, str], limit_bytes: int
    ) -> tuple[int, urllib3.HTTPHeaderDict, bytes]:
        try:
            response = self._pool.request(
                method,
                url,
                body=body,
                headers=self._pool.headers | credentials,  # type: ignore[operator]
                redirect=False,
                preload_content=False,
            )
            content = _read_bounded(response, limit_bytes)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise HubError(f"the hub at {self._base} cannot be reached: {_plain(error)}") from error
        return response.status, response.headers, content


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _read_bounded(response: urllib3.BaseHTTPResponse, limit_bytes: int) -> bytes:
    """At most the limit of the answer; the connection is kept only where the answer was read to its end."""
    deadline = time.monotonic() + _CALL_SECONDS + limit_bytes / _SLOWEST_BYTES_A_SECOND
    content = bytearray()
    while len(content) <= limit_bytes and time.monotonic() < deadline:
        piece = response.read1(_ANSWER_LIMIT_BYTES)
        if not piece:
            response.release_conn()
            return bytes(content)
        content += piece
    response.close()
    return bytes(content[:limit_bytes])


def _same_place(url: str, location: str) -> str:
    """The redirect's target on the same scheme, host and port; the key goes nowhere else."""
    old = urlsplit(url)
    try:
        target = urljoin(url, location)
        new = urlsplit(target)
    except ValueError:
        raise HubError(f"the hub at {old.scheme}://{old.netloc} redirects to what is no address") from None
    if (old.scheme, old.netloc) != (new.scheme, new.netloc):
        raise HubError(
            f"the hub at {old.scheme}://{old.netloc} redirects to {new.scheme}://{new.hostname}, "
            "which is not followed; if that is the hub's right address, give it with --hub",
        )
    return target


def _answer_of(status: int, headers: urllib3.HTTPHeaderDict, content: bytes) -> Answer:
    members = _members(content)
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        # A captive portal answers 200 to anything; only the hub says "ok": true.
        if not isinstance(members, dict) or members.get("ok") is not True:
            raise HubError(f"something answered {status}, but not as a hub does; is --hub right?", status=status)
        pending = members.get("pending")
        return Answer(members.get("customer_blocked") is True, pending if isinstance(pending, dict) else {})
    raise _refusal(status, headers, members)


def _members(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _refusal(status: int, headers: urllib3.HTTPHeaderDict, members: Any) -> HubError:
    said = members.get("error") if isinstance(members, dict) else None
    sentence = f": {str(said)[:_SHOWN_CHARACTERS]}" if said else ""
    return HubError(
        f"the hub answered {status}{sentence}",
        status=status,
        is_permanent=HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _PASSING_4XX,
        is_about_body=status in _ABOUT_BODY and isinstance(members, dict) and members.get("ok") is False,
        retry_after=retry_after_seconds(headers.get("Retry-After"), datetime.now(UTC)),
    )


def _plain(error: BaseException) -> str:
    """The cause in a few words, without object addresses."""
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "the name cannot be resolved"
    # A refused connection is a NewConnectionError, which urllib3 derives from the time-out's class.
    is_refused = isinstance(error, urllib3.exceptions.NewConnectionError)
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError) and not is_refused:
        return f"no connection within {_CONNECT_SECONDS:.0f} s"
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return f"no answer within {_READ_SECONDS:.0f} s"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "the certificate or TLS is not accepted: " + str(error.args[0])[:_SHOWN_CHARACTERS]
    cause = error
    while cause.__cause__ is not None or cause.__context__ is not None:
        cause = cause.__cause__ or cause.__context__ or cause
    return str(getattr(cause, "strerror", None) or cause)[:_SHOWN_CHARACTERS]
