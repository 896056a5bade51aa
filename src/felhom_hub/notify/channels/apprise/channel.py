"""The channel through Apprise, an extra that is imported when a message is sent: it takes 20 MiB.

Which kinds of address are possible is the rule of the setting (`project/rules.py`).
"""

import importlib
import re
from typing import Any

from django.conf import settings

from felhom_hub.notify.channels.contract import DeliveryError, Message

TIMEOUT_SECONDS = 10.0
_SHORT = 5  # pieces of an address that could be any word


class AppriseChannel:
    kind = "apprise"
    label = "Apprise"
    needs = "notifications.apprise_url"
    reaches_customers = False

    def provider(self) -> str:
        """`apprise` where there is an address."""
        return "apprise" if settings.HUB.notifications.apprise_url else ""

    def operator_recipient(self) -> str:
        """The kind of the address alone: the rest of it is a secret."""
        scheme: str = settings.HUB.notifications.apprise_url.partition("://")[0]
        return scheme.lower()

    def facts(self) -> tuple[tuple[str, str], ...]:
        """The kind of the address."""
        return ("To", self.operator_recipient()), ("Address", "set")

    def send(self, message: Message) -> str:
        """The service has taken the message. Apprise knows no keys: what it did not answer may come twice."""
        url = settings.HUB.notifications.apprise_url
        try:
            apprise: Any = importlib.import_module("apprise")
        except ImportError:
            raise DeliveryError(
                "install Apprise for notifications.apprise_url (docs/operating.md)", is_provider=True
            ) from None
        # A redirect could lead anywhere.
        client = apprise.Apprise(asset=apprise.AppriseAsset(http_redirects=False))
        if not client.add(_with_timeouts(url)):
            raise DeliveryError("Apprise cannot read notifications.apprise_url", is_provider=True)
        with apprise.LogCapture(level=apprise.logging.WARNING, fmt="%(message)s") as log:
            is_sent = client.notify(title=message.subject, body=message.text)
            said = log.getvalue() if log is not None else ""
        if not is_sent:
            raise DeliveryError(_without_secrets(said, url) or "not accepted", is_provider=True, is_uncertain=True)
        return f"accepted by {self.operator_recipient()}"


def _with_timeouts(url: str) -> str:
    """Apprise takes time limits from the address."""
    return f"{url}{'&' if '?' in url else '?'}cto={TIMEOUT_SECONDS}&rto={TIMEOUT_SECONDS}"


def _without_secrets(said: str, url: str) -> str:
    """What Apprise said of its failure, without any piece of the address but its kind."""
    rest = url.partition("://")[2]
    for piece in sorted(re.split(r"[/?&=:@,]+", rest), key=len, reverse=True):
        if len(piece) > _SHORT:
            said = said.replace(piece, "…")
    return " ".join(said.split())
