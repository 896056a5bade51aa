"""What the hub's intake is compared with, on the same server, guard and settings: `baseline.py`, and a bare echo.

`python -m bench.contenders baseline|echo hub.yaml`
"""

import asyncio
import gc
import os
import sys

SETTINGS = {"baseline": "bench.baseline_settings", "echo": "felhom_hub.project.settings"}


def main(kind: str, hub_yaml: str) -> None:
    """Serves until SIGTERM."""
    os.environ |= {"FELHOM_HUB_CONFIG": hub_yaml, "DJANGO_SETTINGS_MODULE": SETTINGS[kind]}
    import django  # noqa: PLC0415 - settings are read when Django is imported

    from felhom_hub.project.logs import configure_logs  # noqa: PLC0415 - likewise

    configure_logs()
    django.setup()
    if kind == "baseline":
        make_tables()
    serve(kind)


def make_tables() -> None:
    """The hub's tables and the baseline's own are there."""
    from django.core.management import call_command  # noqa: PLC0415 - after Django is set up
    from django.db import connection  # noqa: PLC0415 - likewise

    from bench.baseline import AppUsage  # noqa: PLC0415 - likewise

    call_command("migrate", verbosity=0, interactive=False)
    with connection.schema_editor() as editor:
        editor.create_model(AppUsage)
    connection.close()


def serve(kind: str) -> None:
    """As project/server.py, without writer and jobs."""
    import uvicorn  # noqa: PLC0415 - after Django is set up, as everything below
    from django.conf import settings  # noqa: PLC0415

    from felhom_hub.base.body import read_body  # noqa: PLC0415
    from felhom_hub.base.endpoint import (  # noqa: PLC0415
        AsgiApp,
        Receive,
        Scope,
        Send,
        asgi_endpoint,
        send_bytes,
        send_json,
    )
    from felhom_hub.base.guard import GuardedProtocol  # noqa: PLC0415
    from felhom_hub.project.asgi import django_app, routed  # noqa: PLC0415
    from felhom_hub.project.running import GC_THRESHOLDS, SWITCH_SECONDS  # noqa: PLC0415
    from felhom_hub.project.server import BACKLOG, KEEP_ALIVE_SECONDS, bind  # noqa: PLC0415
    from felhom_hub.reports.body import MAX_BODY_BYTES  # noqa: PLC0415

    @asgi_endpoint("GET")
    async def healthz(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send_json(send, {"ok": True})

    @asgi_endpoint("POST")
    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(scope, receive, limit=MAX_BODY_BYTES)
        headers = [(b"content-type", b"application/json; charset=utf-8")]
        await send_bytes(send, b'{"ok":true}', status=200, headers=headers)

    raw: dict[str, AsgiApp] = {"/healthz": healthz}
    if kind == "echo":
        raw["/api/v1/report"] = echo
    config = uvicorn.Config(
        routed(raw, django_app()),
        http=GuardedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=5,
    )
    listen = settings.HUB.server.listen
    listener = bind(listen.host, listen.port)
    listener.listen(BACKLOG)
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.freeze()
    with asyncio.Runner(loop_factory=uvicorn.Config("", loop="uvloop").get_loop_factory()) as runner:
        runner.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main(*sys.argv[1:])
