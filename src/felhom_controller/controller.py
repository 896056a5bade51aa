"""The loop of a real controller: a report at its start and one each interval, tried again until the next is due.

Each measurement is compared with the one before, and what changed is spooled as events; `outbox` sends those.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from felhom_controller.changes import events_between
from felhom_controller.client import Answer, HubClient, HubError
from felhom_controller.files import replace_file
from felhom_controller.machine import Machine
from felhom_controller.report import Report, encode
from felhom_controller.retry import Backoff
from felhom_controller.snapshot import Holdings, Pushed, snapshot_of
from felhom_controller.spool import Spool, SpoolFullError
from felhom_controller.wishes import Doer, do_pending

_JITTER = 0.05  # of the interval, both ways

_log = structlog.get_logger("felhom_controller")


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives a restart: the events that wait, and the last report, with which the next is compared."""

    spool: Spool
    last_report_path: Path


@dataclass(frozen=True, slots=True)
class Loop:
    """What a controller needs to report: the machine, the hub, its key of the moment, and how it waits."""

    machine: Machine
    client: HubClient
    key: Callable[[], str]
    interval_seconds: float
    config_hash: Callable[[], str | None]
    memory: Memory
    stop: threading.Event
    backoff: Backoff = field(default_factory=Backoff)
    # What a snapshot is made of beside the report; without it none is sent.
    holdings: Callable[[], Holdings] | None = None
    pushed: Pushed = field(default_factory=Pushed)
    # Does what the hub wants; without it that is only logged.
    doer: Doer | None = None
    clock: Callable[[], float] = time.monotonic
    # Waits so many seconds, or less when the controller stops.
    wait: Callable[[float], object] | None = None


def run_loop(loop: Loop) -> None:
    """The machine was reported until `stop` was set."""
    while not loop.stop.is_set():
        due = loop.clock() + loop.interval_seconds * random.uniform(1 - _JITTER, 1 + _JITTER)
        try:
            report_until(loop, due)
        except Exception:  # noqa: BLE001 - the next measurement may well go out; a silent controller is one that the hub calls down
            _log.exception("report failed; the next try is the next report")
        _wait(loop, max(0.0, due - loop.clock()))


def report_once(loop: Loop) -> Answer:
    """One report is committed at the hub; raises HubError otherwise."""
    report = loop.machine.report(datetime.now().astimezone(), config_hash=_config_hash(loop))
    try:
        spool_changes(loop.memory, report)
    except (OSError, SpoolFullError) as error:
        _log.error("events cannot be spooled; reports go on", reason=str(error))
    answer = loop.client.post_report(encode(report), key=loop.key())
    push_snapshot(loop, report)
    return answer


def push_snapshot(loop: Loop, report: Report) -> None:
    """The hub has a snapshot of today that is true; else it is tried again after the next report."""
    if loop.holdings is None:
        return
    try:
        body = snapshot_of(report, loop.holdings())
        if loop.pushed.is_due(body, loop.clock()):
            loop.client.post_snapshot(body, key=loop.key())
            loop.pushed.note(body, loop.clock())
    except (HubError, OSError, ValueError) as error:
        _log.warning("snapshot not sent; the next try is after the next report", reason=str(error))


def _config_hash(loop: Loop) -> str | None:
    """None, which is "not known", where the configuration cannot be read."""
    try:
        return loop.config_hash()
    except OSError as error:
        _log.error("the configuration cannot be read; reports go on without its hash", reason=str(error))
        return None


def report_until(loop: Loop, due: float) -> bool:
    """True once a report is committed; False when it was refused for good, or the next one is due.

    Each try measures anew: an old reading is worth less than a fresh one.
    """
    failures = 0
    while not loop.stop.is_set():
        try:
            answer = report_once(loop)
        except HubError as error:
            failures += 1
            wait = loop.backoff.delay_seconds(failures, retry_after_seconds=error.retry_after)
            if error.is_permanent:
                _log.error("report refused; the next try is the next report", reason=str(error))
                return False
            if loop.clock() + wait >= due:
                _log.warning("report not sent; the next one is due", reason=str(error), tries=failures)
                return False
            _log.warning("report not sent; trying again", reason=str(error), seconds=round(wait, 1))
            _wait(loop, wait)
            continue
        _note(answer)
        see_to_wishes(loop, answer)
        return True
    return False


def see_to_wishes(loop: Loop, answer: Answer) -> None:
    """What the hub wants is done, and reported at once rather than with the next report."""
    if loop.doer is None or not answer.pending or not do_pending(answer.pending, loop.doer, loop.client):
        return
    try:
        report_once(loop)
    except HubError as error:
        _log.warning("what was done is said in the next report", reason=str(error))


def spool_changes(memory: Memory, report: Report) -> None:
    """What changed since the last report is spooled, and this report is the last one from now on.

    In this order, so that a crash in between repeats an event and loses none.
    """
    before = _last_report(memory.last_report_path)
    if before is not None:
        for event in events_between(before, report):
            memory.spool.add(msgspec.json.encode(event))
    replace_file(memory.last_report_path, encode(report))


def _last_report(path: Path) -> Report | None:
    """The last report, or None at the first start, or where another version left something else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _wait(loop: Loop, seconds: float) -> None:
    (loop.wait or loop.stop.wait)(seconds)


def _note(answer: Answer) -> None:
    _log.info("report taken")
    if answer.customer_blocked:
        _log.warning("the operator has blocked this customer")
    for wish, value in answer.pending.items():
        _log.info("the hub wants something done", wish=str(wish)[:64], value=str(value)[:128])
