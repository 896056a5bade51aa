"""The serving process: binds, starts writer and jobs, serves, and on SIGTERM answers all it accepted before it goes."""

import asyncio
import os
import signal
import socket
import threading
import time
from types import FrameType

import structlog
import uvicorn

from felhom_hub.base.guard import GuardedProtocol
from felhom_hub.base.pace import interrupt_all
from felhom_hub.base.storage import REFUSAL_SECONDS, watch_intake
from felhom_hub.base.writer import Writer
from felhom_hub.project.asgi import django_app, routed
from felhom_hub.project.beats import beat_until
from felhom_hub.project.lanes import JobThreads
from felhom_hub.project.raw import raw_routes

log = structlog.get_logger(__name__)

BACKLOG = 4096  # a herd of 5,000 controllers connects within seconds
KEEP_ALIVE_SECONDS = 15
# Of the ten seconds that a stopping hub has: open requests and, beside them, running jobs; then the writer's queue.
REQUESTS_SECONDS, JOBS_SECONDS, WRITER_SECONDS = 5, 5.0, 3.0
# Whatever still hangs then (a thread in a call to the database), the process ends.
LAST_SECONDS = 9.0
_NOT_DRAINED = 1  # the process's status then, as for a queue that could not be stored


class HubServer(uvicorn.Server):
    """uvicorn, with our writer and jobs around it."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.stopping = asyncio.Event()
        self.jobs = JobThreads()
        self._told_at = time.monotonic()  # to stop
        self._loop: asyncio.AbstractEventLoop | None = None
        super().__init__(
            uvicorn.Config(
                routed(raw_routes(writer, self.stopping), django_app()),
                http=GuardedProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,  # base/proxies.py believes only server.trusted_proxies
                server_header=False,
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=REQUESTS_SECONDS,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        """Live streams end at once; everything else may finish.

        uvicorn's own would note the signal to raise it again when its part is done, and so end the process before the
        writer is drained.
        """
        if not self.should_exit:
            watchdog = threading.Timer(LAST_SECONDS, os._exit, (_NOT_DRAINED,))
            watchdog.daemon = True
            watchdog.start()
            self._told_at = time.monotonic()
        if self._loop is not None:
            # A signal comes between any two calls, also in the middle of what the loop does with the event: whoever was
            # just beginning to wait would not be woken.
            self._loop.call_soon_threadsafe(self.stopping.set)
        self.jobs.end_soon()
        self.writer.end_soon()
        interrupt_all()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    def belong_to(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server runs on this loop, which a signal's handler tells of it."""
        self._loop = loop

    async def run_on(self, listener: socket.socket) -> bool:
        """Serves until a signal; True when everything that was accepted has been stored and answered."""
        self.belong_to(asyncio.get_running_loop())
        watch_intake(lambda: self.writer.recent_refusal(within_seconds=REFUSAL_SECONDS))
        self.writer.start()
        beats = asyncio.create_task(beat_until(self.stopping, self.writer))
        self.jobs.start()
        try:
            await self.serve(sockets=[listener])
        finally:
            self.stopping.set()
            await beats
            await self._end_jobs()
            is_drained = await self.writer.close(WRITER_SECONDS)
        if not is_drained:
            log.error("writer_not_drained", waiting=self.writer.waiting)
        return is_drained

    async def _end_jobs(self) -> None:
        """The jobs have ended, or had their time: one that waits for another server must not cost the reports."""
        self.jobs.end_soon()
        left = JOBS_SECONDS - (time.monotonic() - self._told_at)
        for lane in await asyncio.to_thread(self.jobs.join, left):
            log.warning("job_left_behind", lane=lane)


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to the address; OSError when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host or not host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if not host:  # every address of the machine, IPv4 included
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind((host or "::", port))
    except OSError:
        listener.close()
        raise
    return listener  # not listening yet: until the hub is ready, a connection is better refused than left waiting


def serve_on(listener: socket.socket) -> bool:
    """Runs the server on the socket until it is told to stop; see `HubServer.run_on`."""

    async def main() -> bool:
        listener.listen(BACKLOG)
        return await HubServer(Writer()).run_on(listener)

    with asyncio.Runner(loop_factory=uvicorn.Config("", loop="uvloop", log_config=None).get_loop_factory()) as runner:
        return runner.run(main())
