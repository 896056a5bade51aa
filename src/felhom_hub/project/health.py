"""`/livez`, `/readyz`, `/healthz`: whether the process lives, takes requests, and can read and write its database."""

import asyncio
from collections.abc import Sequence
from typing import Any

from felhom_hub.base.db import Db
from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, asgi_endpoint, send_json
from felhom_hub.base.errors import Unavailable
from felhom_hub.base.instants import to_milliseconds, utc_now
from felhom_hub.base.models import Pulse
from felhom_hub.base.pace import is_interrupted
from felhom_hub.base.storage import REFUSAL_SECONDS
from felhom_hub.base.writer import Writer

# A check that waits longer has found something: a probe's own limit is usually higher.
CHECK_SECONDS = 8.0
_THE_ROW = 1


def record_pulse(db: Db, times: Sequence[int]) -> list[bool]:
    """Writes the pulse and reads it again, through the same connection that stores the reports."""
    db.insert(Pulse, ("id", "at"), [(_THE_ROW, times[-1])], on_conflict="update", key=("id",))
    found = db.select(Pulse, ("at",), key="id", values=[_THE_ROW])
    return [found == [(times[-1],)]] * len(times)


def health_endpoints(writer: Writer) -> dict[str, AsgiApp]:
    """The three endpoints by path; they need no key and tell nothing but the state."""

    def require_staying() -> None:
        # From the signal on, while requests are still taken: a load balancer has that long to send them elsewhere.
        if writer.is_closing or is_interrupted():
            raise Unavailable("The hub is stopping", retry_after=5)

    @asgi_endpoint("GET", "HEAD")
    async def livez(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send_json(send, {"ok": True})

    @asgi_endpoint("GET", "HEAD")
    async def readyz(_scope: Scope, _receive: Receive, send: Send) -> None:
        require_staying()
        await send_json(send, {"ok": True})

    @asgi_endpoint("GET", "HEAD")
    async def healthz(_scope: Scope, _receive: Receive, send: Send) -> None:
        require_staying()
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                is_sound: Any = await writer.submit(record_pulse, to_milliseconds(utc_now()))
        except TimeoutError:
            raise Unavailable(f"The database did not answer within {CHECK_SECONDS:.0f} s", retry_after=10) from None
        if not is_sound:
            raise Unavailable("The database does not return what was written to it", retry_after=10)
        # The pulse is small, and may find room where a report does not: what was refused lately counts as well.
        refusal = writer.recent_refusal(within_seconds=REFUSAL_SECONDS)
        if refusal is not None:
            raise Unavailable(f"The database refused what controllers sent ({refusal})", retry_after=10)
        await send_json(send, {"ok": True, "database": "readable and writable"})

    return {"/livez": livez, "/readyz": readyz, "/healthz": healthz}
