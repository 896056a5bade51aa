"""The serving process: binds, starts writer and jobs, serves, and on SIGTERM answers all it accepted before it goes."""

import asyncio
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from types import FrameType

import structlog
import uvicorn
from django.conf import settings
from django.db import connection

from felhom_hub.base.apart import WriterProcess
from felhom_hub.base.broadcast import Broadcast
from felhom_hub.base.guard import GuardedProtocol
from felhom_hub.base.listening import Listener
from felhom_hub.base.pace import interrupt_all
from felhom_hub.base.storage import REFUSAL_SECONDS, watch_intake
from felhom_hub.base.writer import Writer
from felhom_hub.customers.uses import record_uses
from felhom_hub.fleet.live import News
from felhom_hub.project.asgi import django_app, routed
from felhom_hub.project.beats import beat_until
from felhom_hub.project.health import record_pulse
from felhom_hub.project.lanes import JobThreads
from felhom_hub.project.raw import raw_routes
from felhom_hub.project.writer_process import writer_command
from felhom_hub.watch.hearing import record_beats

log = structlog.get_logger(__name__)

BACKLOG = 4096  # a herd of 5,000 controllers connects within seconds
KEEP_ALIVE_SECONDS = 15
# Of the ten seconds that a stopping hub has once it takes no more: open requests and, beside them, running jobs; then
# the writer's queue.
REQUESTS_SECONDS, JOBS_SECONDS, WRITER_SECONDS = 5, 5.0, 3.0
# Whatever still hangs then (a thread in a call to the database), the process ends.
LAST_SECONDS = 9.0
_NOT_DRAINED = 1  # the process's status then, as for a queue that could not be stored
# What is stored with these no page shows.
_NO_NEWS = (record_beats, record_uses, record_pulse)


class HubServer(uvicorn.Server):
    """uvicorn, with our writer and jobs around it."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.stopping = asyncio.Event()
        self.jobs = JobThreads()
        self.news = News()
        self._is_leaving = False
        self._told_at = time.monotonic()  # to stop
        self._loop: asyncio.AbstractEventLoop | None = None
        super().__init__(
            uvicorn.Config(
                routed(raw_routes(writer, self.stopping, self.news), django_app()),
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
        """The hub is leaving: jobs end, and after `server.drain_time` nothing more is taken.

        A second signal ends that time at once. uvicorn's own would note the signal to raise it again when its part is
        done, and so end the process before the writer is drained.
        """
        is_first, drain = not self._is_leaving, drain_seconds()
        self._is_leaving = True
        if is_first:
            watchdog = threading.Timer(drain + LAST_SECONDS, os._exit, (_NOT_DRAINED,))
            watchdog.daemon = True
            watchdog.start()
            self._told_at = time.monotonic()
        self.jobs.end_soon()
        interrupt_all()
        if is_first and drain and self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.call_later, drain, self._take_no_more)
            return
        self.force_exit = self.should_exit and sig == signal.SIGINT
        # A signal comes between any two calls, also in the middle of what the loop does with the event: whoever was
        # just beginning to wait would not be woken.
        self.writer.end_soon()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.stopping.set)
        self.should_exit = True

    def _take_no_more(self) -> None:
        """Live streams end at once; everything else that was accepted may finish."""
        self.writer.end_soon()
        self.stopping.set()
        self.should_exit = True

    def belong_to(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server runs on this loop, which a signal's handler tells of it."""
        self._loop = loop

    async def run_on(self, listener: socket.socket) -> bool:
        """Serves until a signal; True when everything that was accepted has been stored and answered."""
        self.belong_to(asyncio.get_running_loop())
        watch_intake(lambda: self.writer.recent_refusal(within_seconds=REFUSAL_SECONDS))
        self.writer.start()
        others = self._listen()
        beats = asyncio.create_task(beat_until(self.stopping, self.writer))
        self.jobs.start()
        try:
            await self.serve(sockets=[listener])
        finally:
            self.stopping.set()
            if others is not None:
                others.end_soon()
            await beats
            await self._end_jobs()
            is_drained = await self.writer.close(WRITER_SECONDS)
        if not is_drained:
            log.error("writer_not_drained", waiting=self.writer.waiting)
        return is_drained

    def _listen(self) -> Listener | None:
        """What other hubs of the database store is news for this one's pages; a SQLite file has no other hub."""
        if connection.vendor != "postgresql":
            return None
        loop = asyncio.get_running_loop()

        def heard() -> None:
            with suppress(RuntimeError):  # the loop is gone, and with it every page
                loop.call_soon_threadsafe(self.news.landed)

        listener = Listener(self.writer.broadcast.token, heard)
        listener.start()
        return listener

    async def _end_jobs(self) -> None:
        """The jobs have ended, or had their time: one that waits for another server must not cost the reports."""
        self.jobs.end_soon()
        left = JOBS_SECONDS - (time.monotonic() - self._told_at)
        for lane in await asyncio.to_thread(self.jobs.join, left):
            log.warning("job_left_behind", lane=lane)


def drain_seconds() -> float:
    """How long a hub that is to stop still takes requests: where others can take them in its place."""
    return settings.HUB.server.drain_time.total_seconds() if connection.vendor == "postgresql" else 0.0


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
        process = WriterProcess(writer_command()) if settings.HUB.database.writer_process else None
        return await HubServer(Writer(broadcast=Broadcast(_NO_NEWS), process=process)).run_on(listener)

    with asyncio.Runner(loop_factory=uvicorn.Config("", loop="uvloop", log_config=None).get_loop_factory()) as runner:
        return runner.run(main())
