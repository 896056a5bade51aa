"""Infrastructure backups at a real hub: kill -9 in the middle of an upload, and no secret of theirs in the clear."""

import json
import socket
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from tests.servers.clients import request_bytes
from tests.servers.hub import API_KEY, Hub, running_hub

PATH = "/api/v1/infra-backup"
CANARY = "canary-of-a-restic-password-4711"


def body_of(**members: Any) -> bytes:
    return json.dumps({"customer_id": "nagy", **members}).encode()


def newest(hub: Hub) -> bytes:
    answer = hub.get(f"{PATH}/nagy")
    assert answer.status == 200
    return answer.body


@pytest.mark.sqlite_only
def test_an_upload_that_a_kill_cut_short_replaces_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    first, second = body_of(disks=1), body_of(disks=2, filling="x" * 2_000_000)
    with running_hub(tmp_path_factory.mktemp("hub")) as hub:
        assert hub.post(PATH, first).status == 200
        request = request_bytes("POST", PATH, second, key=API_KEY)
        with socket.create_connection(("127.0.0.1", hub.port)) as connection:
            connection.sendall(request[:1_000_000])
            time.sleep(0.2)
            hub.kill()
        hub.start()

        assert newest(hub) == first
        assert hub.post(PATH, second).document["version"] == 2
        assert newest(hub) == second


@pytest.mark.sqlite_only
def test_whatever_a_kill_leaves_is_whole_and_what_was_answered_is_there(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The hub dies a little later each time, between the first byte and the answer."""
    with running_hub(tmp_path_factory.mktemp("hub")) as hub:
        last = body_of(round=-1)
        assert hub.post(PATH, last).status == 200
        for number in range(6):
            body = body_of(round=number, filling="x" * 4_000_000)
            with socket.create_connection(("127.0.0.1", hub.port)) as connection:
                connection.sendall(request_bytes("POST", PATH, body, key=API_KEY))
                connection.settimeout(number * 0.02 + 0.001)
                answered = was_answered(connection.recv)
                hub.kill()
            hub.start()
            found = newest(hub)
            assert found == body if answered else found in {last, body}
            last = found
        assert hub.rows("PRAGMA integrity_check") == [("ok",)]


def was_answered(receive: Callable[[int], bytes]) -> bool:
    try:
        return receive(100).startswith(b"HTTP/1.1 200")
    except (TimeoutError, ConnectionError):
        return False


@pytest.mark.sqlite_only
def test_no_secret_of_a_snapshot_lies_in_the_clear(tmp_path_factory: pytest.TempPathFactory) -> None:
    # With letters of no sense around it, so that it is not compressed away.
    body = body_of(restic_passwords={"local": CANARY, "other": [f"{n:x}-{CANARY}" for n in range(0, 10**9, 10**7)]})
    with running_hub(tmp_path_factory.mktemp("hub")) as hub:
        answer = hub.post(PATH, body)
        assert answer.document["sha256"] == sha256(body).hexdigest()
        assert hub.post(PATH, body_of(restic_passwords=CANARY, nested="[" * 70), key=f"{CANARY}-key").status == 401
        assert hub.post(PATH, b'{"restic_passwords": "%b"' % CANARY.encode()).status == 400
        assert newest(hub) == body
        written = {path.name: path.read_bytes() for path in hub.data_dir.rglob("*") if path.is_file()}
        written["the log"] = hub.log_file.read_bytes()

    assert b"nagy" in b"".join(written.values())
    assert [name for name, content in written.items() if CANARY.encode() in content] == []
