"""One serving run, from the first check to the last answer; what the commands `serve` and `demo` have in common."""

import gc
import os
import resource
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import structlog
from django.conf import settings

from felhom_hub.assets.at_start import seed_at_start
from felhom_hub.base.instants import utc_now
from felhom_hub.project.addresses import ListenAddress
from felhom_hub.project.server import BACKLOG, bind, serve_on
from felhom_hub.project.start import StartError, is_passing, prepare, serving_alone

log = structlog.get_logger(__name__)

# The event loop and the writer take turns at the interpreter. With Python's 5 ms the one that needs it for a moment
# waits too long for the other (docs/performance.md).
SWITCH_SECONDS = 0.001
# Where a process stores, the writer's thread only hands over and takes back: it needs the interpreter several times a
# batch, for a moment each, and the process has nothing to do for as long as it waits.
HANDING_OVER_SECONDS = 0.0002
OPEN_FILES = 65_536
# Python looks for garbage after 700 new objects. The overview reads 10,000 rows, which live until it is rendered and
# would be looked through again and again. What a request leaves behind goes without the collector.
GC_THRESHOLDS = (50_000, 20, 50)


class NotNow(click.ClickException):
    """The hub cannot start now, for a reason that may pass: whoever keeps services running starts it again."""

    exit_code = os.EX_TEMPFAIL


def run(announce: Callable[[str, str | None], None], *, between: Callable[[], None] | None = None) -> bool:
    """Serves until a signal; True when everything accepted was stored and answered.

    `between` runs after the preparation and before the first request is taken; `announce` gets the dashboard's
    address and the password, if one was made. With one plain line it raises NotNow when it cannot start for what may
    pass, and click.UsageError when another start would end the same way.
    """
    try:
        with serving_alone():
            return _run(announce, between)
    except StartError as error:
        raise (NotNow if error.may_pass else click.UsageError)(str(error)) from None


def _run(announce: Callable[[str, str | None], None], between: Callable[[], None] | None) -> bool:
    with _bound(settings.HUB.server.listen) as listener:
        prepared = prepare()  # after that, for a password that is made in it is shown once, below
        seed_at_start(utc_now())
        if between is not None:
            between()
        with _usable(settings.HUB.server.listen):
            listener.listen(BACKLOG)  # which fails where two hubs were bound to it, and the other one listens
        announce(dashboard_url(settings.HUB.server.listen, listener.getsockname()[1]), prepared.new_password)
        sys.stdout.flush()
        _allow_many_connections()
        sys.setswitchinterval(HANDING_OVER_SECONDS if settings.HUB.database.writer_process else SWITCH_SECONDS)
        gc.collect()
        gc.set_threshold(*GC_THRESHOLDS)
        gc.freeze()  # what the imports made stays for good; looking through it again and again costs latency
        return serve_on(listener)


def _allow_many_connections() -> None:
    """A herd of controllers finds room where the system allows it: many begin with 1,024 open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if resource.RLIM_INFINITY != soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _bound(listen: ListenAddress) -> socket.socket:
    with _usable(listen):
        return bind(listen.host, listen.port)


@contextmanager
def _usable(listen: ListenAddress) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        line = f"server.listen {listen} cannot be used: {error.strerror}"
        raise StartError(line, may_pass=is_passing(error)) from None


def dashboard_url(listen: ListenAddress, port: int) -> str:
    """The address to open: the public one where it is configured, else one that works on this machine."""
    if settings.HUB.server.public_url:
        return str(settings.HUB.server.public_url)
    host = listen.host if listen.host not in ("", "0.0.0.0", "::") else "127.0.0.1"  # noqa: S104 - compared only
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
