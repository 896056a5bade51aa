"""`POST /api/v1/webhooks/resend`: what Resend tells of a mail afterwards, raw ASGI beside the other intakes."""

from typing import Any

from django.conf import settings

from felhom_hub.base.body import read_body
from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, asgi_endpoint, header, send_json
from felhom_hub.base.errors import NotFound, Unauthorized
from felhom_hub.base.instants import utc_now
from felhom_hub.base.tolerant import as_sent
from felhom_hub.base.webhook_signature import secret_key, signed_at
from felhom_hub.base.writer import Writer
from felhom_hub.customers.identity import read_object
from felhom_hub.notify.mail_news import read_news
from felhom_hub.notify.provider_calls import IncomingCall, TakenCall, record_calls

MAX_BODY_BYTES = 256 * 1024
_MAX_ID = 64


def resend_endpoint(writer: Writer) -> AsgiApp:
    """The endpoint: nothing of a body is read before its signature was found to be right.

    200 only after COMMIT; where it fails Resend tries again.
    """

    @asgi_endpoint("POST")
    async def resend(scope: Scope, receive: Receive, send: Send) -> None:
        secret = settings.HUB.notifications.resend_webhook_secret
        if not secret:
            raise NotFound("notifications.resend_webhook_secret is not set")
        call_id, timestamp, signatures = (
            header(scope, name) or "" for name in (b"svix-id", b"svix-timestamp", b"svix-signature")
        )
        if not as_sent(call_id, _MAX_ID) or len(call_id) > _MAX_ID:
            raise Unauthorized("The header svix-id is missing, or too long")
        body = await read_body(scope, receive, limit=MAX_BODY_BYTES)
        received_at = utc_now()
        at = signed_at(
            secret_key(secret), key=call_id, timestamp=timestamp, signatures=signatures, body=body, now=received_at
        )
        news = read_news(read_object(body))
        taken: TakenCall = await writer.submit(record_calls, IncomingCall(call_id, at, news, received_at))
        answer: dict[str, Any] = {"ok": True, "repeated": True} if taken.is_repeated else {"ok": True}
        await send_json(send, answer)

    return resend
