"""A real SMTP server on the loopback: with STARTTLS and sign-in, or one that offers neither and takes anything."""

import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from tests.servers.hub import free_port

USERNAME, PASSWORD = "felhom-hub", "the password of the tests"


@dataclass
class Mailbox:
    """What came, and how; `answer` is what the server says to the next mails."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # commands that carry something of the mail or the sign-in
    rcpt_answer: str = "250 OK"
    answer: str = "250 OK"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.said.append(f"MAIL {address}")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.said.append(f"RCPT {address}")
        if self.rcpt_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return self.rcpt_answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("2"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        return self.answer

    def sign_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.said.append(f"AUTH {data.login.decode()}")
        is_right = (data.login, data.password) == (USERNAME.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)


class _Controller(Controller):
    def __init__(self, mailbox: Mailbox, certificate: Path | None) -> None:
        self._options: dict[str, Any] = {}
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            self._options = {
                "tls_context": context,
                "require_starttls": True,
                "authenticator": mailbox.sign_in,
                "auth_required": True,
            }
        super().__init__(mailbox, hostname="127.0.0.1", port=mailbox.port)

    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="localhost", **self._options)


@contextlib.contextmanager
def running_smtp(certificate: Path | None) -> Iterator[Mailbox]:
    """A server with TLS and sign-in; without a certificate, one that offers neither and takes every mail."""
    mailbox = Mailbox(port=free_port())
    controller = _Controller(mailbox, certificate)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
