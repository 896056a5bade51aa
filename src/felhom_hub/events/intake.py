"""`POST /api/v1/event`: from the socket to the commit, raw ASGI beside the reports' intake."""

from django.conf import settings

from felhom_hub.base.body import read_body
from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, asgi_endpoint, send_json
from felhom_hub.base.instants import utc_now
from felhom_hub.base.writer import Writer
from felhom_hub.customers.auth import require_customer
from felhom_hub.customers.identity import read_customer_id, read_object
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.events.payload import read_event
from felhom_hub.events.record import IncomingEvent, record_events

MAX_BODY_BYTES = 256 * 1024  # contract 1.5


def event_endpoint(writer: Writer, recogniser: Recogniser) -> AsgiApp:
    """The endpoint: it answers 200 only after the event is committed; controllers never send a refused one again."""

    @asgi_endpoint("POST")
    async def event(scope: Scope, receive: Receive, send: Send) -> None:
        caller, key_digest = await recogniser.bearer(scope)
        document = read_object(await read_body(scope, receive, limit=MAX_BODY_BYTES))
        received_at = utc_now()
        customer_id = read_customer_id(document)
        require_customer(caller, customer_id)
        facts = read_event(document, customer_id=customer_id, strict_types=settings.HUB.api.strict_event_types)
        await writer.submit(record_events, IncomingEvent(facts, received_at, key_digest))
        await send_json(send, {"ok": True})

    return event
