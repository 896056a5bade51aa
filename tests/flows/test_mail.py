"""From a controller's event to a mail in a mailbox, through a hub in a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.servers.certificates import make_certificates
from tests.servers.hub import running_hub
from tests.servers.smtp import PASSWORD, USERNAME, Mailbox, running_smtp

EVENT = b'{"customer_id": "kovacs-peter", "event_type": "backup_failed", "message": "hdd1 is full"}'


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[tuple[Mailbox, dict[str, object]]]:
    """A server, and the settings of a hub that uses it."""
    authority, certificate = make_certificates(tmp_path)
    with running_smtp(certificate) as mailbox:
        yield (
            mailbox,
            {
                "notifications.operator_email": "operator@example.org",
                "notifications.from_email": "hub@example.org",
                "notifications.smtp_host": "localhost",
                "notifications.smtp_port": mailbox.port,
                "notifications.smtp_username": USERNAME,
                "notifications.smtp_password": PASSWORD,
                "notifications.smtp_ca_file": str(authority),
            },
        )


def test_an_event_is_mailed_once(tmp_path: Path, mail_server: tuple[Mailbox, dict[str, object]]) -> None:
    mailbox, settings = mail_server
    with running_hub(tmp_path, settings=settings) as hub:
        assert hub.post("/api/v1/event", EVENT).status == 200
        hub.wait_until(
            lambda: hub.rows("SELECT result FROM notify_delivery WHERE audience = 'operator'") == [("sent",)],
            "the mail is sent",
        )

    assert [(mail["To"], mail["Subject"]) for mail in mailbox.mails] == [
        ("operator@example.org", "[ERROR] kovacs-peter: backup failed")
    ]
