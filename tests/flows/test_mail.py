"""From a controller's event to a mail in a mailbox, through a hub in a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.servers.certificates import make_certificates
from tests.servers.hub import Hub, running_hub
from tests.servers.resend import KEY, running_resend
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
        hub.wait_until(lambda: [result for result, _ in operators_message(hub)] == ["sent"], "the mail is sent")
        ((_, attempts),) = operators_message(hub)

    # On a machine that stands still for longer than the hub waits for the server's answer, a mail that was accepted is
    # sent again, as the same one.
    sent = [mail for mail in mailbox.mails if "backup failed" in mail["Subject"]]
    assert {(mail["To"], mail["Subject"]) for mail in sent} == {
        ("operator@example.org", "[ERROR] kovacs-peter: backup failed")
    }
    assert len({mail["Message-ID"] for mail in sent}) == 1
    assert len(sent) <= attempts


def operators_message(hub: Hub) -> list[tuple[str, int]]:
    """How the event's message to the operator stands; the hub may have some of its own."""
    rows: list[tuple[str, int]] = hub.rows(
        "SELECT result, attempts FROM notify_delivery WHERE audience = 'operator' AND event_type = 'backup_failed'"
    )
    return rows


@pytest.mark.parametrize("behaviour", ["stall", "hang"], ids=["accepted", "not accepted"])
def test_a_hub_that_is_killed_while_it_waits_for_the_provider_sends_the_message_once(
    tmp_path: Path, behaviour: str
) -> None:
    with running_resend() as provider:
        provider.behave(behaviour)
        settings: dict[str, object] = {
            "notifications.operator_email": "operator@example.org",
            "notifications.resend_api_key": KEY,
            "notifications.resend_api_url": provider.url,
        }
        # A killed hub's leases end soon, the jobs' own as well.
        constants = {"felhom_hub.notify.deliver.LEASE_SECONDS": 2.0}
        with running_hub(tmp_path, settings=settings, constants=constants) as hub:
            assert hub.post("/api/v1/event", EVENT).status == 200
            hub.wait_until(lambda: len(provider.requests) == 1, "the provider is asked")
            hub.kill()
            assert operators_message(hub) == [("queued", 1)]
            free_jobs(hub)
            hub.start()
            hub.wait_until(lambda: operators_message(hub) == [("sent", 2)], "the message is sent")

        assert len(provider.accepted) == 1
        assert len({each["key"] for each in provider.requests}) == 1


def free_jobs(hub: Hub) -> None:
    """What five minutes would do: the dead hub's hold on its jobs has ended."""
    connection = hub.connect()
    connection.execute("UPDATE base_job SET lease_until = NULL")
    connection.close()
