"""Reads what Resend tells of a mail afterwards (resend.com/docs, "Webhooks"). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from felhom_hub.base.tolerant import as_sent, as_text

BOUNCED, COMPLAINED = "bounced", "complained"
# `suppressed`: Resend has not even tried, since mail to the address came back before.
_CAUSES = {"email.bounced": BOUNCED, "email.suppressed": BOUNCED, "email.complained": COMPLAINED}
_MAX_ID, _MAX_ADDRESS, _MAX_WORDS, _MAX_RECIPIENTS = 64, 254, 400, 50


@dataclass(frozen=True)
class MailNews:
    """What became of a mail. `cause` is `bounced` or `complained`; empty for all that is no reason to stop mailing."""

    cause: str
    recipients: tuple[str, ...]  # lower case
    message_id: str  # Resend's
    words: str


def read_news(document: Mapping[str, Any]) -> MailNews:
    """What the document says; whatever cannot be read is empty.

    A mail that could not be delivered for the moment only (a full mailbox) is no reason to stop.
    """
    kind = document.get("type")
    data = _object(document.get("data"))
    bounce = _object(data.get("bounce"))
    cause = _CAUSES.get(kind, "") if isinstance(kind, str) else ""
    if cause == BOUNCED and bounce.get("type") == "Transient":
        cause = ""
    sent_to = data.get("to")
    recipients = [sent_to] if isinstance(sent_to, str) else sent_to if isinstance(sent_to, list) else []
    read = (as_sent(each, _MAX_ADDRESS) for each in recipients[:_MAX_RECIPIENTS])
    return MailNews(
        cause=cause,
        recipients=tuple(parseaddr(each)[1].lower() for each in read if each),
        message_id=as_sent(data.get("email_id"), _MAX_ID) or "",
        words=" ".join((as_text(bounce.get("message"), _MAX_WORDS) or "").split()),
    )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
