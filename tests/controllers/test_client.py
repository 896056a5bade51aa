import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.controllers.conftest import Allow
from tests.servers.recorder import Recorder, answering, running_recorder

from felhom_controller.config import ConfigFile
from felhom_controller.server import Box, ControllerServer
from felhom_hub.controllers.client import CallFailed, Done, LiveConfig, apply_config, read_config, start_update
from felhom_hub.controllers.hosts import TrustedTarget, trusted_target

KEY = "k3y-of-kiss-foto-0123456789abcdef"
OLD = b"customer:\n  id: kiss-foto\n"
NEW = b"# by the hub\ncustomer:\n  id: kiss-foto\nweb:\n  session_secret: 0123456789abcdef0123456789abcdef\n"


@dataclass(frozen=True)
class Served:
    target: TrustedTarget
    config: ConfigFile
    updates: list[str]


def target_at(port: int, path: str = "") -> TrustedTarget:
    return trusted_target(f"http://127.0.0.1:{port}{path}", domain="", confirmed={("127.0.0.1", port)})


@pytest.fixture(autouse=True)
def _allowed(allow: Allow) -> None:
    allow("127.0.0.0/8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The reference controller, below a path of its own as in a simulated fleet."""
    config, updates = ConfigFile(tmp_path / "controller.yaml", "kiss-foto"), list[str]()
    box = Box(KEY, config, lambda: updates.append("wished"))

    def find(path: str) -> tuple[Box, str] | None:
        return (box, path.removeprefix("/kiss-foto")) if path.startswith("/kiss-foto/") else None

    with ControllerServer(("127.0.0.1", 0), find) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield Served(target_at(int(server.server_address[1]), "/kiss-foto"), config, updates)
        server.shutdown()
        thread.join()


@pytest.fixture
def stranger() -> Iterator[Recorder]:
    with running_recorder() as recorder:
        yield recorder


def failure_of(act: Callable[[], object]) -> CallFailed:
    with pytest.raises(CallFailed) as failed:
        act()
    assert KEY not in failed.value.sentence + failed.value.said
    return failed.value


def test_a_configuration_is_applied_and_read_back_byte_for_byte(served: Served) -> None:
    applied = apply_config(served.target, KEY, NEW)

    assert served.config.read() == NEW
    assert applied == Done(200, f'{{"ok": true, "config_hash": "{served.config.hash()}"}}')
    assert read_config(served.target, KEY) == LiveConfig(NEW)


def test_an_update_is_started(served: Served) -> None:
    assert start_update(served.target, KEY) == Done(200, '{"ok": true}')
    assert served.updates == ["wished"]


def test_what_the_controller_refuses_is_told_with_its_words(served: Served) -> None:
    apply_config(served.target, KEY, OLD)

    error = failure_of(lambda: apply_config(served.target, KEY, b"customer:\n  id: somebody-else\n"))

    assert (error.status, error.is_uncertain) == (422, False)
    assert error.sentence == f"{served.target.place} answered 422."
    assert error.said.startswith('{"ok": false, "error": ')
    assert served.config.read() == OLD


def test_a_wrong_key_is_told(served: Served) -> None:
    for act in (
        lambda: apply_config(served.target, "wrong", NEW),
        lambda: read_config(served.target, "wrong"),
        lambda: start_update(served.target, "wrong"),
    ):
        assert failure_of(act).status == 401
    assert (served.config.read(), served.updates) == (None, [])


@pytest.mark.parametrize("key", ["", "two words", "a\r\nX-Evil: 1", "kulcs-é", "a\0b"])
def test_without_a_key_nobody_is_called(stranger: Recorder, key: str) -> None:
    error = failure_of(lambda: read_config(target_at(stranger.port), key))

    assert error.sentence == "There is no key for this controller, so it was not called."
    assert stranger.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_told_and_not_followed(stranger: Recorder, status: int) -> None:
    with running_recorder() as other:
        there = f"http://127.0.0.1:{other.port}/"
        stranger.then = answering(f"HTTP/1.1 {status} X\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode())
        target = target_at(stranger.port)
        for act in (
            lambda: apply_config(target, KEY, NEW),
            lambda: read_config(target, KEY),
            lambda: start_update(target, KEY),
        ):
            assert failure_of(act).sentence == (
                f"{target.place} answered {status}, a redirect, which the hub does not follow."
            )
        assert (stranger.connections, other.connections) == (3, 0)
        assert bytes(stranger.received).count(NEW) == 1


def test_an_answer_is_shown_shortened_in_one_line_and_without_what_was_sent(stranger: Recorder) -> None:
    start = b"no\x1b[31m:\r\n session_secret: %s "
    fill = b"x" * (2044 - len(start % b"[masked]"))  # so that the cut goes through the key
    body = start % b"0123456789abcdef0123456789abcdef" + fill + KEY.encode() + b"y" * 5000
    stranger.then = answering(b"HTTP/1.1 500 X\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    error = failure_of(lambda: apply_config(target_at(stranger.port), KEY, NEW))

    assert error.said == f"no [31m: session_secret: [masked] {fill.decode()}[mas"


def test_a_hang_up_after_the_request_leaves_open_whether_it_was_done(stranger: Recorder) -> None:
    stranger.then = answering(b"")
    target = target_at(stranger.port)
    broke = f"{target.place} broke off, or answered what is not HTTP."

    error = failure_of(lambda: apply_config(target, KEY, NEW))
    assert (error.sentence, error.is_uncertain) == (f"{broke} Whether it was done is not known.", True)

    error = failure_of(lambda: read_config(target, KEY))
    assert (error.sentence, error.is_uncertain) == (broke, False)


def test_a_refused_address_is_told_with_the_way_out(stranger: Recorder, allow: Allow) -> None:
    allow("10.0.0.0/8")

    error = failure_of(lambda: apply_config(target_at(stranger.port), KEY, NEW))

    assert error.sentence == (
        "127.0.0.1 leads to 127.0.0.1, a loopback address, which the hub does not call. "
        "If it is right, list its network in controllers.allowed_networks."
    )
    assert (error.is_uncertain, stranger.connections) == (False, 0)
