import contextlib
import gzip
import socket
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_network

import pytest
from tests.base.calls import HERE, NAME, POST, SECRET, failure_of, to
from tests.servers.names import resolving_to
from tests.servers.recorder import Recorder, answering, running_recorder

from felhom_hub.base import outbound
from felhom_hub.base.outbound import AddressRefused, Answer, Endpoint, Policy, Request, call
from felhom_hub.base.targets import Target


@pytest.fixture
def server() -> Iterator[Recorder]:
    with running_recorder() as recorder:
        yield recorder


def test_a_call_is_one_request_with_its_answer(server: Recorder) -> None:
    server.then = answering(b"HTTP/1.1 422 No\r\nX-A: b\r\nContent-Length: 3\r\n\r\nno!")

    assert call(to(server), POST, HERE) == Answer(422, b"no!", {"X-A": "b", "Content-Length": "3"})
    assert server.connections == 1
    head, _, body = bytes(server.received).partition(b"\r\n\r\n")
    assert (head.splitlines()[0], body) == (b"POST /box/api HTTP/1.1", b"the body")
    assert sorted(head.splitlines()[1:]) == [
        b"Accept-Encoding: identity",
        b"Authorization: " + SECRET.encode(),
        b"Connection: close",
        b"Content-Length: 8",
        b"Content-Type: text/plain",
        f"Host: 127.0.0.1:{server.port}".encode(),
        b"User-Agent: felhom-hub",
    ]


def test_without_leave_nothing_goes_out_over_http(server: Recorder) -> None:
    error = failure_of(to(server), Policy(HERE.allowed_networks))

    assert error.sentence == f"127.0.0.1:{server.port} is called over https only."
    assert server.connections == 0


def test_a_private_address_is_not_connected_to(server: Recorder) -> None:
    error = failure_of(to(server), Policy(allow_http=True))

    assert isinstance(error, AddressRefused)
    assert error.sentence == "127.0.0.1 leads to 127.0.0.1, a loopback address, which the hub does not call."
    assert server.connections == 0


def test_an_address_mapped_into_ipv6_is_judged_as_what_it_is() -> None:
    with running_recorder("::") as server:
        assert isinstance(failure_of(to(server, "::ffff:127.0.0.1"), Policy(allow_http=True)), AddressRefused)
        assert server.connections == 0
        assert call(to(server, "::ffff:127.0.0.1"), POST, HERE).status == 200


def test_the_checked_address_is_connected_to_though_the_dns_changes_its_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.2 plays the public address, 127.0.0.1 the private one, on one port."""
    policy = Policy((ip_network("127.0.0.2/32"),), allow_http=True)
    with running_recorder("127.0.0.2") as public, running_recorder("127.0.0.1", port=public.port) as private:
        monkeypatch.setattr(outbound, "resolve", resolving_to("127.0.0.2", "127.0.0.1"))
        assert call(to(public, NAME), POST, policy).body == b"hello"
        assert (public.connections, private.connections) == (1, 0)

        # The second question of the same name gets the private address: refused.
        assert isinstance(failure_of(to(public, NAME), policy), AddressRefused)
        assert (public.connections, private.connections) == (1, 0)


def test_of_several_addresses_only_the_fine_ones_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = Policy((ip_network("127.0.0.2/31"),), allow_http=True)
    with running_recorder("127.0.0.2") as public, running_recorder("127.0.0.1", port=public.port) as private:
        ends = [(socket.AF_INET, (address, public.port)) for address in ("127.0.0.1", "127.0.0.3", "127.0.0.2")]
        monkeypatch.setattr(outbound, "resolve", lambda _host, _port: ends)  # nobody listens at 127.0.0.3

        assert call(to(public, NAME), POST, policy).status == 200
        assert (public.connections, private.connections) == (1, 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_the_body_is_never_sent_again(server: Recorder, status: int) -> None:
    with running_recorder() as other:
        location = f"http://127.0.0.1:{other.port}/"
        server.then = answering(f"HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())

        assert call(to(server), POST, HERE).status == status
        assert (server.connections, other.connections, bytes(server.received).count(b"the body")) == (1, 0, 1)


def test_a_proxy_of_the_environment_gets_nothing(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_recorder() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

        assert call(to(server), POST, HERE).status == 200
        assert proxy.connections == 0


@pytest.mark.parametrize("is_chunked", [False, True])
def test_an_answer_may_have_4_mib_and_not_a_byte_more(server: Recorder, *, is_chunked: bool) -> None:
    def whole(size: int) -> bytes:
        body = b"x" * size
        if is_chunked:
            return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (size, body)
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (size, body)

    server.then = answering(whole(outbound.ANSWER_BYTES))
    assert len(call(to(server), POST, HERE).body) == 4 * 1024 * 1024

    server.then = answering(whole(outbound.ANSWER_BYTES + 1))
    error = failure_of(to(server))
    assert error.sentence == f"The answer of 127.0.0.1:{server.port} is larger than 4 MiB."
    assert error.is_uncertain


def test_a_compressed_answer_is_not_expanded(server: Recorder) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    server.then = answering(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(bomb), bomb)
    )

    assert failure_of(to(server)).sentence == (
        f"127.0.0.1:{server.port} sent a compressed answer, which was not asked for."
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 2xx\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
    ],
)
def test_what_is_not_a_whole_answer_is_none(server: Recorder, raw: bytes) -> None:
    server.then = answering(raw)

    error = failure_of(to(server))

    assert error.sentence == f"127.0.0.1:{server.port} broke off, or answered what is not HTTP."
    assert error.is_uncertain


def dripping(start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Ends only when the client does."""

    def drip(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(start)
            while True:
                connection.sendall(drop)
                time.sleep(0.05)

    return drip


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nA: ", b"b"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),  # its end is where the connection ends, even if it is cut
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n"),
    ],
)
def test_an_answer_that_drips_is_cut_at_the_deadline(
    server: Recorder, start: bytes, drop: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "CALL_SECONDS", 0.4)
    server.then = dripping(start, drop)

    error = failure_of(to(server))  # without a deadline it would never come

    assert error.sentence == f"127.0.0.1:{server.port} did not answer within 0 seconds."
    assert error.is_uncertain


def test_a_name_that_resolves_slowly_or_not_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "RESOLVE_SECONDS", 0.1)

    def slow(host: str, port: int) -> list[Endpoint]:
        del host, port
        time.sleep(0.5)
        return []

    monkeypatch.setattr(outbound, "resolve", slow)
    assert failure_of(Target("http", NAME, 80)).sentence == f"The name {NAME} was not resolved within 0 seconds."

    def unknown(host: str, port: int) -> list[Endpoint]:
        del host, port
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(outbound, "resolve", unknown)
    assert failure_of(Target("http", NAME, 80)).sentence == f"The name {NAME} cannot be resolved."


def test_nobody_at_the_address_is_said_plainly() -> None:
    with running_recorder() as server:
        target = to(server)

    error = failure_of(target)

    assert error.sentence == f"127.0.0.1:{target.port} could not be reached: Connection refused."
    assert not error.is_uncertain


def test_an_early_answer_is_read_though_the_body_was_not_taken(server: Recorder) -> None:
    server.reads_bodies = False  # it answers and hangs up, with most of the body still on its way
    server.then = answering(b"HTTP/1.1 413 Large\r\nContent-Length: 3\r\n\r\nno!")
    request = Request("POST", "/api", {}, b"x" * 20_000_000)

    answer = call(to(server), request, HERE)

    assert (answer.status, answer.body) == (413, b"no!")
    assert len(server.received) < 1_000_000
