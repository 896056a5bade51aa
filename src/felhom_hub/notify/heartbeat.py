"""Pings an address outside, as of Healthchecks, while the hub is well: so that its own silence is noticed as well.

The ping has a thread of its own: an address that hangs, or answers byte by byte, holds nothing up, and there is never
more than one on its way.
"""

import contextlib
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from django.db.models import Q

from felhom_hub.base.models import Job
from felhom_hub.base.storage import intake_refusal

TIMEOUT_SECONDS = 10.0  # to connect, and for each piece of the answer
PATIENCE_SECONDS = 1.0  # so long the job waits for an answer
_MAX_ANSWER = 256
# What a hub that is well does: it looks for silence and delivers messages.
_WATCHED = ("watch.look_for_silence", "notify.deliver_messages")
_JOB = "notify.ping_heartbeat"
NOT_PINGED = "not pinged"  # so the job's result begins while the hub is not well
_OVERDUE = timedelta(minutes=10)


class HeartbeatError(Exception):
    """The address did not answer 2xx; the text names its host alone, for the rest of it is a secret."""


@dataclass
class _Ping:
    """One ping; `failure` is None once it was answered 2xx."""

    url: str
    status: int = 0
    failure: HeartbeatError | None = None
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.status = _asked(self.url)
        except HeartbeatError as error:
            self.failure = error


_last: list[_Ping] = []  # the newest of this process, if there was one


@dataclass(frozen=True)
class Heartbeat:
    """How the newest ping went: when it was, and what came of it."""

    host: str
    asked_at: datetime | None
    words: str
    is_fine: bool


def heartbeat_now() -> Heartbeat | None:
    """The heartbeat as the job has left it; None where no address is set."""
    host = _host(settings.HUB.alerting.heartbeat_url)
    if not host:
        return None
    job = Job.objects.filter(name=_JOB).first()
    if job is None or job.started_at is None:
        return Heartbeat(host, None, "not pinged yet", is_fine=False)
    words = job.last_error.removeprefix(f"{HeartbeatError.__name__}: ") or job.last_result
    return Heartbeat(host, job.started_at, words, is_fine=not job.last_error and not words.startswith(NOT_PINGED))


def what_is_wrong(now: datetime) -> str:
    """Why the hub is not well, in a few words; empty where it is."""
    refusal = intake_refusal()
    if refusal is not None:
        return f"reports are refused, {refusal['reason']}"
    is_free = Q(lease_until=None) | Q(lease_until__lt=now)
    is_late = is_free & Q(next_at__lt=now - _OVERDUE)
    ill = Job.objects.filter(name__in=_WATCHED).filter(~Q(last_error="") | is_late).order_by("name").first()
    if ill is None:
        return ""
    return f"the job {ill.name} {'failed' if ill.last_error else 'is overdue'}"


def ping(url: str) -> str:
    """The address was asked for, and what it answered, as far as it did within a second.

    Raises HeartbeatError where it answered otherwise than 2xx, or has not answered the ping before this one.
    """
    if _last and _last[0].thread.is_alive():
        raise HeartbeatError(f"{_host(url)} has not answered the ping before")
    this = _Ping(url)
    _last[:] = [this]
    this.thread.join(PATIENCE_SECONDS)
    if this.thread.is_alive():
        return "sent, no answer yet"
    if this.failure is not None:
        raise this.failure
    return f"{_host(url)} answered {this.status}"


def _asked(url: str) -> int:
    """The answer's status, where it is 2xx. No redirects, which could lead anywhere."""
    timeout = urllib3.Timeout(connect=TIMEOUT_SECONDS, read=TIMEOUT_SECONDS)
    headers = {"User-Agent": "felhom-hub"}
    try:
        with urllib3.PoolManager(retries=False, timeout=timeout) as pool:
            response = pool.request("GET", url, headers=headers, redirect=False, preload_content=False)
            with contextlib.closing(response):
                response.read1(_MAX_ANSWER)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise HeartbeatError(f"{_host(url)}: {type(error).__name__}") from error
    if not 200 <= response.status < 300:  # noqa: PLR2004 - success
        raise HeartbeatError(f"{_host(url)} answered {response.status}")
    return response.status


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
