"""An operator with the overview open: the live stream is read, and the page asked for again as the browser does.

base/scripts/live.js asks again when the stream says that the fleet has changed, and then no sooner than 5 s later.
"""

import http.client
import socket
import threading
from contextlib import closing, suppress
from http import HTTPStatus

from bench.dashboard import Visitor
from bench.result import BenchError

REST_SECONDS = 5.0
_EVENT = b"event: fleet"
_ANSWER_SECONDS = 60.0


class Watcher:
    """Looks from `start` to `stop`; `milliseconds` are the times until each overview was there, whole."""

    def __init__(self, visitor: Visitor) -> None:
        self.milliseconds: list[float] = []
        self._visitor = visitor
        self._stream = http.client.HTTPConnection("127.0.0.1", visitor.port, timeout=_ANSWER_SECONDS)
        self._changed, self._done = threading.Event(), threading.Event()
        self._error = ""
        self._threads = [threading.Thread(target=self._listen), threading.Thread(target=self._look)]

    def start(self) -> None:
        """The stream is open, and the first overview asked for."""
        self._stream.connect()
        self._socket = self._stream.sock  # the answer takes it from the connection
        self._stream.request("GET", "/live", headers=self._visitor.headers)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Nobody looks any more; BenchError where a page or the stream was not what it should be."""
        self._done.set()
        self._changed.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads
        for thread in self._threads:
            thread.join()
        self._stream.close()
        if self._error:
            raise BenchError(self._error)

    def _listen(self) -> None:
        try:
            answer = self._stream.getresponse()
            if answer.status != HTTPStatus.OK:
                self._fail(f"GET /live was answered {answer.status}")
                return
            while line := answer.readline():
                if line.startswith(_EVENT):
                    self._changed.set()
            self._fail("the live stream ended")
        except (OSError, http.client.HTTPException) as error:
            self._fail(f"the live stream failed: {error}")

    def _look(self) -> None:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self._visitor.port, timeout=_ANSWER_SECONDS)) as page:
                self.milliseconds.append(self._visitor.get(page, "/")[0])
                while not self._done.wait(REST_SECONDS):
                    self._changed.wait()
                    self._changed.clear()
                    if not self._done.is_set():
                        self.milliseconds.append(self._visitor.get(page, "/")[0])
        except (BenchError, OSError, http.client.HTTPException) as error:
            self._fail(f"the overview failed: {error!r}")

    def _fail(self, text: str) -> None:
        if not self._done.is_set():
            self._error = self._error or text
