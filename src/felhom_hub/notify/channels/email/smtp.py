"""Mail through an SMTP server with verified TLS: where the server offers none, nothing is said to it, nothing sent."""

import contextlib
import smtplib
import ssl

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from felhom_hub.notify.channels.contract import DeliveryError

TIMEOUT_SECONDS = 10  # for each answer of the server
# Answers that are about this mail or its recipient: mailbox unknown, too large, name not allowed, and the like.
_FINAL = range(550, 560)


class VerifiedBackend(EmailBackend):
    """Django's, which trusts the authorities of `notifications.smtp_ca_file` where one is named."""

    @property
    def ssl_context(self) -> ssl.SSLContext:
        """Checks the certificate and the name in it."""
        ca_file = settings.HUB.notifications.smtp_ca_file
        return ssl.create_default_context(cafile=ca_file or None)


def send_by_smtp(mail: EmailMessage) -> str:
    """The server has taken the mail. Raises DeliveryError."""
    options = settings.HUB.notifications
    is_wrapped = options.smtp_security == "tls"
    backend = VerifiedBackend(
        host=options.smtp_host,
        port=options.smtp_port,
        username=options.smtp_username,
        password=options.smtp_password,
        use_tls=not is_wrapped,
        use_ssl=is_wrapped,
        timeout=TIMEOUT_SECONDS,
    )
    try:
        _open(backend, options.smtp_host)
        _send(backend, mail, options.smtp_host)
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            backend.close()
    return f"accepted by {options.smtp_host}"


def _open(backend: VerifiedBackend, host: str) -> None:
    """The server has proved who it is, and has let the hub in. Until then nothing of the mail was said."""
    try:
        backend.open()
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(_words(error.smtp_code, error.smtp_error), is_provider=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"{host}: {error}", is_provider=True) from error


def _send(backend: VerifiedBackend, mail: EmailMessage, host: str) -> None:
    try:
        backend.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise DeliveryError(_words(code, answer), is_permanent=code in _FINAL) from error
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(
            _words(error.smtp_code, error.smtp_error), is_permanent=error.smtp_code in _FINAL
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        # It may have been between the mail's end and the server's answer.
        raise DeliveryError(f"{host}: {error}", is_provider=True, is_uncertain=True) from error


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {text}"
