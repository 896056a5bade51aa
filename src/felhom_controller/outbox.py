"""Sends spooled events in order: one at a time, the next only when the one before is taken or refused for good."""

import threading
from collections.abc import Callable

import structlog

from felhom_controller.client import HubClient, HubError
from felhom_controller.retry import Backoff
from felhom_controller.spool import Spool

_POLL_SECONDS = 2.0  # other processes add to the spool too

_log = structlog.get_logger("felhom_controller.outbox")


def send_oldest(spool: Spool, client: HubClient, key: str) -> bool:
    """False when nothing waits; else the oldest event is at the hub, or set aside because it is refused for good.

    Raises HubError when it could not be sent now; the event then waits on. That is so with a refused key, too: the
    operator can put the key right, and what was reported meanwhile must not be lost.
    """
    event = spool.oldest()
    if event is None:
        return False
    try:
        client.post_event(event.body, key=key)
    except HubError as error:
        if not error.is_about_body:
            raise
        place = spool.set_aside(event, str(error))
        _log.error("event refused; set aside", reason=str(error), kept_as=str(place))
    else:
        spool.remove(event)
    return True


def run_outbox(
    spool: Spool, client: HubClient, key: Callable[[], str], *, stop: threading.Event, backoff: Backoff
) -> None:
    """Spooled events were sent until `stop` was set."""
    failures = 0
    while not stop.is_set():
        try:
            has_sent = send_oldest(spool, client, key())
            failures = 0
        except HubError as error:
            failures += 1
            wait = backoff.delay_seconds(failures, retry_after_seconds=error.retry_after)
            _log.warning("event not sent; trying again", reason=str(error), waiting=len(spool), seconds=round(wait, 1))
            stop.wait(wait)
        except OSError as error:
            _log.error("the spool cannot be read or written", reason=str(error))
            stop.wait(backoff.limit_seconds)
        else:
            if not has_sent:
                stop.wait(_POLL_SECONDS)
