"""`POST /api/v1/preferences` and the first controllers' `POST /api/v1/notify`, raw ASGI beside the events' intake."""

from typing import Any

from django.conf import settings

from felhom_hub.base.body import read_body
from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, asgi_endpoint, send_json
from felhom_hub.base.instants import utc_now
from felhom_hub.base.writer import Writer
from felhom_hub.customers.auth import require_customer
from felhom_hub.customers.identity import read_customer_id, read_object
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.events.catalogue import LEGACY_TYPE
from felhom_hub.events.payload import read_event
from felhom_hub.events.record import IncomingEvent
from felhom_hub.notify.payload import read_preferences
from felhom_hub.notify.record import (
    IncomingPreferences,
    RecordedNotice,
    SetPreferences,
    record_notices,
    set_preferences,
)

MAX_BODY_BYTES = 256 * 1024  # contract 1.5
NO_EMAIL = "no email configured"  # the words that the first controllers know (contract 4)


def preferences_endpoint(writer: Writer, recogniser: Recogniser) -> AsgiApp:
    """The endpoint: it answers 200 only after the preferences are committed."""

    @asgi_endpoint("POST")
    async def preferences(scope: Scope, receive: Receive, send: Send) -> None:
        caller, key_digest = await recogniser.bearer(scope)
        document = read_object(await read_body(scope, receive, limit=MAX_BODY_BYTES))
        received_at = utc_now()
        customer_id = read_customer_id(document)
        require_customer(caller, customer_id)
        facts = read_preferences(document, customer_id=customer_id)
        stored: SetPreferences = await writer.submit(
            set_preferences, IncomingPreferences(facts, received_at, key_digest)
        )
        await send_json(send, {"ok": True, "customer_blocked": True} if stored.is_blocked else {"ok": True})

    return preferences


def notify_endpoint(writer: Writer, recogniser: Recogniser) -> AsgiApp:
    """The endpoint: the message is stored as an event, whose type and severity may be missing.

    What is sent to the customer for it is decided in the same transaction (route.py); the answer promises no more than
    that, for a block or a cooldown may hold it back.
    """

    @asgi_endpoint("POST")
    async def notify(scope: Scope, receive: Receive, send: Send) -> None:
        caller, key_digest = await recogniser.bearer(scope)
        document = read_object(await read_body(scope, receive, limit=MAX_BODY_BYTES))
        received_at = utc_now()
        customer_id = read_customer_id(document)
        require_customer(caller, customer_id)
        strict_types = settings.HUB.api.strict_event_types
        facts = read_event(document, customer_id=customer_id, strict_types=strict_types, default_type=LEGACY_TYPE)
        stored: RecordedNotice = await writer.submit(record_notices, IncomingEvent(facts, received_at, key_digest))
        answer: dict[str, Any] = {"ok": True} if stored.has_address else {"ok": True, "skipped": NO_EMAIL}
        await send_json(send, answer)

    return notify
