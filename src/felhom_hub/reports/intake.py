"""`POST /api/v1/report`: from the socket to the commit. Raw ASGI, since a framework costs more than the work itself."""

from felhom_hub.base.body import read_body
from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, asgi_endpoint, send_bytes, to_json
from felhom_hub.base.instants import utc_now
from felhom_hub.base.writer import Writer
from felhom_hub.customers.auth import require_customer
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.reports.body import MAX_BODY_BYTES
from felhom_hub.reports.record import Recorded, incoming_report, record_reports

_STORED = b'{"ok":true}'
_STORED_BLOCKED = b'{"ok":true,"customer_blocked":true}'
_HEADERS = [(b"content-type", b"application/json; charset=utf-8")]


def report_endpoint(writer: Writer, recogniser: Recogniser) -> AsgiApp:
    """The endpoint: it answers 200 only after the report is committed (contract 1.2)."""

    @asgi_endpoint("POST")
    async def report(scope: Scope, receive: Receive, send: Send) -> None:
        caller, key_digest = await recogniser.bearer(scope)
        body = await read_body(scope, receive, limit=MAX_BODY_BYTES)
        incoming = incoming_report(body, utc_now(), key_digest=key_digest)
        require_customer(caller, incoming.facts.customer_id)
        recorded: Recorded = await writer.submit(record_reports, incoming)
        await send_bytes(send, _answer(recorded), status=200, headers=_HEADERS)

    return report


def _answer(recorded: Recorded) -> bytes:
    """A controller that knows `pending` acts on it; an old one ignores it (contract 8)."""
    if recorded.is_blocked:
        return _STORED_BLOCKED
    return _STORED if recorded.pending is None else to_json({"ok": True, "pending": recorded.pending})
