"""Mail through Resend's API, with an idempotency key that it honours for 24 h (resend.com/docs, Idempotency Keys)."""

import contextlib
import time
from datetime import UTC, datetime
from typing import Any

import requests
from anymail.backends.resend import EmailBackend, ResendPayload
from anymail.exceptions import AnymailAPIError, AnymailError
from anymail.message import AnymailMessage
from django.conf import settings
from urllib3.exceptions import HTTPError, NewConnectionError

from felhom_hub.notify.channels.contract import DeliveryError, retry_after_of

TIMEOUT_SECONDS = 10.0  # to connect, and between two pieces of the answer
ANSWER_SECONDS = 30.0  # for the whole answer, however it drips
_MAX_ANSWER = 64 * 1024
# The request is at fault, not the moment: 400 and 422 break a rule, 413 is too large; 409 below.
_FINAL = {400, 413, 422}
_CONFLICT, _TOO_MANY = 409, 429
# 409 for a key whose first request is still under way; any other 409 says that the key stands for another mail.
_UNDER_WAY = "concurrent_idempotent_requests"


class _Payload(ResendPayload):  # type: ignore[misc]  # Anymail has no types
    def get_request_params(self, api_url: str) -> dict[str, Any]:
        """No redirects, which would take the key elsewhere; the answer is read with limits of our own."""
        return {**super().get_request_params(api_url), "allow_redirects": False, "stream": True}


class IdempotentBackend(EmailBackend):  # type: ignore[misc]  # likewise
    """Anymail's puts extra headers into the JSON body; the key has to be a header of the request itself."""

    def __init__(self, key: str, **kwargs: Any) -> None:
        self.key = key
        super().__init__(**kwargs)

    def build_message_payload(self, message: Any, defaults: Any) -> _Payload:
        """The request with its key."""
        return _Payload(message, defaults, self, headers={"Idempotency-Key": self.key})

    def raise_for_status(self, response: requests.Response, payload: Any, message: Any) -> None:
        """The answer has been read, as far as the limits allow, before anybody looks at it."""
        read_answer(response)
        super().raise_for_status(response, payload, message)


def read_answer(response: requests.Response) -> None:
    """The answer's body is in memory; raises DeliveryError where it is too long or takes too long."""
    deadline = time.monotonic() + ANSWER_SECONDS
    body = b""
    try:
        with contextlib.closing(response):
            # What is there, not a buffer that a dripping provider fills in an hour.
            while piece := response.raw.read1(4096, decode_content=True):
                body += piece
                if len(body) > _MAX_ANSWER or time.monotonic() > deadline:
                    raise DeliveryError("the answer is too long or too slow", is_provider=True, is_uncertain=True)
    except (HTTPError, OSError) as error:
        raise DeliveryError(f"the answer broke off: {error}", is_provider=True, is_uncertain=True) from error
    response._content = body


def send_by_resend(mail: AnymailMessage, key: str) -> str:
    """Resend has accepted the mail, now or at an earlier try with the same key. Raises DeliveryError."""
    options = settings.HUB.notifications
    backend = IdempotentBackend(
        key, api_key=options.resend_api_key, api_url=options.resend_api_url, timeout=TIMEOUT_SECONDS
    )
    try:
        backend.send_messages([mail])
    except AnymailAPIError as error:
        raise _refusal(error) from error
    except AnymailError as error:
        raise DeliveryError(f"{type(error).__name__}: {error}", is_permanent=True) from error
    return f"accepted as {mail.anymail_status.message_id}"


def _refusal(error: AnymailAPIError) -> DeliveryError:
    """What the answer, or its absence, means for the next try."""
    response = error.response
    if response is None:
        cause = error.__cause__ or error
        return DeliveryError(f"no answer: {cause}", is_provider=True, is_uncertain=not _never_connected(cause))
    text = response.text
    status = response.status_code
    is_final = status in _FINAL or (status == _CONFLICT and _UNDER_WAY not in text)
    return DeliveryError(
        f"{status} {text}",
        is_permanent=is_final,
        is_provider=not is_final and status != _CONFLICT,
        retry_after=retry_after_of(response.headers.get("Retry-After", ""), now=datetime.now(UTC)),
    )


def _never_connected(error: BaseException) -> bool:
    """True where nothing can have reached the provider."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)
