"""`POST /api/v1/infra-backup`: from the socket to the commit, raw ASGI beside the reports' intake."""

import asyncio

from felhom_hub.base.body import read_body
from felhom_hub.base.budget import count_memory
from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, asgi_endpoint, send_json
from felhom_hub.base.instants import utc_now
from felhom_hub.base.writer import Writer
from felhom_hub.customers.auth import require_customer
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.recovery.payload import MAX_BODY_BYTES
from felhom_hub.recovery.record import Arrival, Kept, incoming_backup, record_backups


def infra_backup_endpoint(writer: Writer, recogniser: Recogniser) -> AsgiApp:
    """The endpoint: it answers 200 only after the backup is committed."""

    @asgi_endpoint("POST")
    async def infra_backup(scope: Scope, receive: Receive, send: Send) -> None:
        caller, key_digest = await recogniser.bearer(scope)
        body = await read_body(scope, receive, limit=MAX_BODY_BYTES)
        # Reading and compressing so much takes longer than reports may have to wait.
        backup = await asyncio.get_running_loop().run_in_executor(None, incoming_backup, body)
        count_memory(scope, len(backup.compressed))
        require_customer(caller, backup.customer_id)
        kept: Kept = await writer.submit(record_backups, Arrival(backup, utc_now(), key_digest))
        await send_json(send, {"ok": True, "version": kept.version, "sha256": kept.sha256})

    return infra_backup
