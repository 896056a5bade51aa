"""A server on this machine that keeps every byte that it gets, and answers or misbehaves as it is told."""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def answering(raw: bytes) -> Callable[[socket.socket], None]:
    """Sends these bytes and closes."""
    return lambda connection: connection.sendall(raw)


@dataclass
class Recorder:
    """`received` is what came after TLS, if there is some, of all connections together."""

    port: int = 0
    connections: int = 0
    received: bytearray = field(default_factory=bytearray)
    reads_bodies: bool = True
    then: Callable[[socket.socket], None] = field(default_factory=lambda: answering(OK))


@contextlib.contextmanager
def running_recorder(host: str = "127.0.0.1", *, port: int = 0, certificate: Path | None = None) -> Iterator[Recorder]:
    """The server, on a free port; `::` listens on every address of the machine, IPv4 among them."""
    recorder = Recorder()
    if ":" in host:
        listener = socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=True)
    else:
        listener = socket.create_server((host, port))
    recorder.port = listener.getsockname()[1]
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    listener.settimeout(0.05)
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def accept() -> None:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                recorder.connections += 1
                threads.append(threading.Thread(target=_serve, args=(recorder, connection, context)))
                threads[-1].start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield recorder
    finally:
        stop.set()
        acceptor.join()
        listener.close()
        for thread in threads:
            thread.join()


def _serve(recorder: Recorder, connection: socket.socket, context: ssl.SSLContext | None) -> None:
    connection.settimeout(5)
    with contextlib.suppress(OSError):
        opened = connection if context is None else context.wrap_socket(connection, server_side=True)
        with opened:
            _read_request(recorder, opened)
            recorder.then(opened)
    connection.close()


def _read_request(recorder: Recorder, connection: socket.socket) -> None:
    own = b""
    while True:
        piece = connection.recv(65_536)
        recorder.received += piece
        own += piece
        head, end, body = own.partition(b"\r\n\r\n")
        length = _LENGTH.search(head) if recorder.reads_bodies else None
        if not piece or (end and len(body) >= int(length[1] if length else 0)):
            return
