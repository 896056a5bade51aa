"""The e-mail channel: which provider the settings name, and the mail as it goes out; the providers are beside it."""

import re
from email.utils import parseaddr
from urllib.parse import urlsplit

from anymail.message import AnymailMessage
from django.conf import settings

from felhom_hub.notify.channels.contract import Message
from felhom_hub.notify.channels.email.resend import send_by_resend
from felhom_hub.notify.channels.email.smtp import send_by_smtp

# Whatever ends a line, in a header or on a screen.
_LINE_ENDS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_MAX_SUBJECT = 200


class EmailChannel:
    kind = "email"
    label = "Mail"
    needs = "notifications.resend_api_key or notifications.smtp_host"
    reaches_customers = True

    def provider(self) -> str:
        """`resend`, `smtp`, or empty where neither is set up."""
        options = settings.HUB.notifications
        if options.resend_api_key:
            return "resend"
        return "smtp" if options.smtp_host else ""

    def operator_recipient(self) -> str:
        """The operator's address."""
        address: str = settings.HUB.notifications.operator_email
        return address

    def facts(self) -> tuple[tuple[str, str], ...]:
        """The provider's host, and the addresses."""
        options = settings.HUB.notifications
        if options.resend_api_key:
            ways = (("Through", f"Resend, {urlsplit(options.resend_api_url).hostname}"), ("API key", "set"))
        else:
            security = "TLS" if options.smtp_security == "tls" else "STARTTLS"
            signs_in = f"as {options.smtp_username}, password {'set' if options.smtp_password else 'not set'}"
            ways = (
                ("Through", f"SMTP, {options.smtp_host}, port {options.smtp_port}, {security}"),
                ("Signs in", signs_in if options.smtp_username else "no"),
            )
        return *ways, ("From", options.from_email), ("Operator", options.operator_email or "no address")

    def send(self, message: Message) -> str:
        """The provider has accepted the mail."""
        mail = mail_of(message)
        return send_by_resend(mail, message.key) if self.provider() == "resend" else send_by_smtp(mail)


def mail_of(message: Message) -> AnymailMessage:
    """The mail: text and HTML, with a Message-ID that is the same at every try, and its thread."""
    options = settings.HUB.notifications
    domain = parseaddr(options.from_email)[1].rpartition("@")[2]
    thread = f"<{re.sub(r'[^A-Za-z0-9._-]', '-', message.thread)}@{domain}>"
    mail = AnymailMessage(
        subject=_LINE_ENDS.sub(" ", message.subject).strip()[:_MAX_SUBJECT],
        body=message.text,
        from_email=options.from_email,
        to=[message.recipient],
        reply_to=[options.operator_email] if options.operator_email else None,
        headers={
            "Message-ID": f"<{message.key}@{domain}>",
            # The thread's first mail never existed: mailboxes gather by a common ancestor all the same.
            "In-Reply-To": thread,
            "References": thread,
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(message.html, "text/html")
    return mail
