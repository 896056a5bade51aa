"""The webhook channel: one signed POST a message, the same body at every try."""

import contextlib
import json
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import urllib3
from django.conf import settings

from felhom_hub.base.webhook_signature import signature_of
from felhom_hub.notify.channels.contract import DeliveryError, Message, retry_after_of

TIMEOUT_SECONDS = 10.0
_MAX_ANSWER = 1024  # only its beginning is shown
# The receiver says that this very message is of no use to it; all else can be mended on its side.
_FINAL = {400, 410, 413, 422}


class WebhookChannel:
    kind = "webhook"
    label = "Webhook"
    needs = "notifications.webhook_url and notifications.webhook_secret"
    reaches_customers = False

    def provider(self) -> str:
        """`webhook` where there are an address and the secret that signs; nothing goes out unsigned."""
        options = settings.HUB.notifications
        return "webhook" if options.webhook_url and options.webhook_secret else ""

    def operator_recipient(self) -> str:
        """The host alone: the address may hold a token."""
        return urlsplit(settings.HUB.notifications.webhook_url).hostname or ""

    def facts(self) -> tuple[tuple[str, str], ...]:
        """The host."""
        return ("To", self.operator_recipient()), ("Secret", "set")

    def send(self, message: Message) -> str:
        """The receiver has answered 2xx."""
        options = settings.HUB.notifications
        body = body_of(message)
        timestamp = int(time.time())
        signature = signature_of(options.webhook_secret.encode(), key=message.key, timestamp=timestamp, body=body)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "felhom-hub",
            "webhook-id": message.key,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature,
        }
        status, answer, retry_after = _post(options.webhook_url, body, headers)
        if 200 <= status < 300:  # noqa: PLR2004 - success
            return f"answered {status}"
        pause = retry_after_of(retry_after, now=datetime.now(UTC))
        is_final = status in _FINAL
        raise DeliveryError(f"{status} {answer}", is_permanent=is_final, is_provider=not is_final, retry_after=pause)


def body_of(message: Message) -> bytes:
    """The request's body: the event's facts, the subject and the text of the message."""
    document = {"id": message.key, **message.facts, "subject": message.subject, "text": message.text}
    return json.dumps(document, ensure_ascii=False).encode()


def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, str]:
    """Status, the answer's beginning, and its Retry-After. No redirects, which could lead anywhere."""
    timeout = urllib3.Timeout(connect=TIMEOUT_SECONDS, read=TIMEOUT_SECONDS)
    try:
        with urllib3.PoolManager(retries=False, timeout=timeout) as pool:
            response = pool.request("POST", url, body=body, headers=headers, redirect=False, preload_content=False)
            with contextlib.closing(response):
                answer = response.read1(_MAX_ANSWER, decode_content=True)
    except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as error:
        raise DeliveryError(_words(error, url), is_provider=True) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise DeliveryError(_words(error, url), is_provider=True, is_uncertain=True) from error
    return response.status, answer.decode("utf-8", "replace"), response.headers.get("Retry-After", "")


def _words(error: Exception, url: str) -> str:
    """The error without the address, which may hold a token."""
    return f"{urlsplit(url).hostname}: {type(error).__name__}"
