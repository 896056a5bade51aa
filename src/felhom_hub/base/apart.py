"""The writer's transactions in a process of its own, which shares the interpreter's lock with nobody.

The writer's thread hands a batch over and waits for its results without that lock, so the event loop answers others
meanwhile. Nothing else changes: the process commits before it gives anything back, and where it ends in between, the
batch is refused as by a database that is away, and comes again.
"""

import gc
import pickle
import signal
import subprocess
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, Pipe
from typing import Any

import structlog
from django.db import OperationalError, connection

from felhom_hub.base.commit import Groups

log = structlog.get_logger(__name__)

_END_SECONDS = 5.0


class WriterProcess:
    """This hub's side. Belongs to the writer's thread."""

    def __init__(self, command: Sequence[str]) -> None:
        """`command` calls `store_for` with the number that is added to it."""
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    @property
    def pid(self) -> int | None:
        """None while there is no process."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """The process is on its way; raises OperationalError where the system does not grant one."""
        ours, theirs = Pipe()
        with theirs:
            number = theirs.fileno()
            try:
                self._process = subprocess.Popen([*self._command, str(number)], pass_fds=[number])  # noqa: S603 - a command of ours
            except OSError as error:
                ours.close()
                raise OperationalError(f"the writer's process cannot be started: {error.strerror}") from None
        self._pipe = ours

    def store(self, groups: Groups) -> list[Sequence[Any]]:
        """What each recorder returned for its values, after COMMIT; raises what one of them raised.

        OperationalError where the process ended: the batch may be stored or not, as where the whole hub ends.
        """
        if self._pipe is None:
            self.start()
        assert self._pipe is not None
        message = pickle.dumps((structlog.contextvars.get_contextvars(), groups), pickle.HIGHEST_PROTOCOL)
        try:
            self._pipe.send_bytes(message)
            error, results = pickle.loads(self._pipe.recv_bytes())  # noqa: S301 - of a process of ours, over a pipe of ours
        except (EOFError, OSError):
            status = self._end()
            log.error("writer_process_ended", status=status)  # noqa: TRY400 - where the pipe broke says nothing
            raise OperationalError("the writer's process has ended") from None
        if error is not None:
            raise error
        found: list[Sequence[Any]] = results
        return found

    def close(self) -> None:
        """The process is gone."""
        self._end()

    def _end(self) -> int | None:
        if self._process is None or self._pipe is None:
            return None
        self._pipe.close()  # which ends it
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        status = self._process.returncode
        self._process = self._pipe = None
        return status


def store_for(number: int, store: Callable[[Groups], list[Sequence[Any]]]) -> None:
    """The process's side: stores what comes over the pipe of this number, until the hub closes it or is gone."""
    # Ctrl-C reaches both, and the hub still has something to store then.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    with Connection(number) as pipe:
        while True:
            try:
                context, groups = pickle.loads(pipe.recv_bytes())  # noqa: S301 - of the hub, likewise
                with structlog.contextvars.bound_contextvars(**context):
                    pipe.send_bytes(_answer(groups, store))
            except (EOFError, OSError):  # the hub is gone, perhaps before it has heard the result
                return


def _answer(groups: Groups, store: Callable[[Groups], list[Sequence[Any]]]) -> bytes:
    try:
        return pickle.dumps((None, store(groups)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - the hub's side raises it
        connection.close()
        return _packed(error)


def _packed(error: Exception) -> bytes:
    error.add_note("In the writer's process:\n" + "".join(traceback.format_exception(error)))
    try:
        packed = pickle.dumps((error, None))
        pickle.loads(packed)  # noqa: S301 - some can be packed only
    except Exception:  # noqa: BLE001 - whatever its own code raises
        return pickle.dumps((RuntimeError(f"{type(error).__name__}: {error}"), None))
    return packed
